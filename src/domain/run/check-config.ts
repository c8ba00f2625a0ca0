import type { z } from 'zod';
import type { AnyDefinition } from '../node/definition.ts';
import { StepError } from '../node/executor.ts';

/**
 * The rendered config with defaults applied.
 * @throws StepError `config_invalid` that names the field; permanent, since trying again cannot help.
 */
export function checkConfig(
  definition: AnyDefinition,
  config: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const read = definition.config.safeParse(config);
  if (read.success) return read.data;
  const message = read.error.issues.map((issue) => `${fieldOf(issue)}: ${issue.message}`).join(' ');
  throw new StepError('config_invalid', message, { permanent: true });
}

const fieldOf = (issue: z.core.$ZodIssue): string => issue.path.map(String).join('.') || 'config';
