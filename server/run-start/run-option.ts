import type { RunOptions } from '#domain/run/option.ts';

/** What a workflow's settings say about each of its runs. */
export const runOptionsOf = (workflow: { readonly deadline_counts_waits: boolean }): RunOptions =>
  workflow.deadline_counts_waits ? { countsWaits: true } : {};
