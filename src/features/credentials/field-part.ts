import type { Draft, Faults } from './credential-draft.ts';

/** What the fields of one type are given. */
export interface PartProps<K extends 'llm' | 'gateway' | 'git' | 'tool'> {
  readonly part: Draft[K];
  readonly faults: Faults;
  readonly set: (part: Partial<Draft[K]>) => void;
}
