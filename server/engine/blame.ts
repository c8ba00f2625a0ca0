import type { Failure } from '#domain/run/fact.ts';

/**
 * How much a run is suspected of killing its processes, as `executions.losses` counts it. Dying alone with a process
 * says much, dying in a crowd says little; any step finished in between clears the run. So a run that kills whatever
 * drives it is given up after three deaths on its own, and a run that was merely there is not.
 */
export const BLAME_ALONE = 4;
export const BLAME_IN_CROWD = 1;
export const MAX_BLAME = 3 * BLAME_ALONE;
/** Up to this many runs of one dead process count as alone. */
export const FEW = 3;

/** What a run is given up with. */
export const WORKER_LOST: Failure = {
  message:
    'The run was given up: the processes that worked on it died again and again, probably because of it.',
  code: 'worker_lost',
  node: null,
};

/** In place of a count: nobody has worked on the run for longer than the settings allow. */
export const ABANDONED_LOSSES = 1_000_000;

/** What such a run is given up with. */
export const ABANDONED: Failure = {
  message:
    'The run was given up: no process has worked on it for longer than the settings allow (zombie_execution_threshold_seconds).',
  code: 'abandoned',
  node: null,
};
