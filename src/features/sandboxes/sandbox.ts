import type { OutputOf } from '#contract/contract.ts';

export type SandboxPage = OutputOf<'sandboxes', 'list'>;
export type Sandbox = SandboxPage['items'][number];

/** “3 variables”, or what it says instead of none. */
export const variableCount = ({ env_vars }: Pick<Sandbox, 'env_vars'>): string =>
  env_vars.length === 0 ? 'None' : String(env_vars.length);
