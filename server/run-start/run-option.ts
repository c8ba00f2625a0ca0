import type { RunOptions, RunOrigin } from '#domain/run/option.ts';

/**
 * What a workflow's settings say about each of its runs.
 * @param origin of a run that another one begins
 */
export const runOptionsOf = (
  workflow: { readonly deadline_counts_waits: boolean },
  origin?: RunOrigin | null,
): RunOptions => ({
  ...(workflow.deadline_counts_waits && { countsWaits: true }),
  ...(origin && { origin }),
});
