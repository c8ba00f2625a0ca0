import type { Chance } from './chance.ts';

/** Places where something may go wrong. `…ed` ones lie between a commit and its answer. */
export const POINTS = [
  'start',
  'started',
  'claim',
  'claimed',
  'write',
  'written',
  'suspend',
  'suspended',
  'park',
  'parked',
  'finish',
  'finished',
  'signals',
  'signals read',
  'effect',
  'effect done',
  'effect answered',
  'job',
  'loop',
] as const;
export type Point = (typeof POINTS)[number];

/**
 * `crash`: the process is gone at once. `pause`: it stands still for a while. `cut`: the session that shows it is
 * alive breaks. `stop`: it is stopped gently. `jump`: its clock is set. `outage`: the database is away. `refuse`: the
 * statement fails and nothing is committed. `lose`: it is committed and nobody hears. `slow`: its answer takes long.
 */
export const ACTIONS = ['crash', 'pause', 'cut', 'stop', 'jump', 'outage', 'refuse', 'lose', 'slow'] as const;
export type Action = (typeof ACTIONS)[number];

export interface Fault {
  readonly point: Point;
  /** The first, second … time the point is reached. */
  readonly nth: number;
  readonly action: Action;
}

/** More crashes than other faults: they are what a durable engine is for. */
const WEIGHTED: readonly [Action, ...Action[]] = ['crash', 'crash', 'pause', 'cut', ...ACTIONS];

/** What goes wrong in one simulation; in every fifth nothing does. */
export function randomFaults(chance: Chance): Fault[] {
  const count = chance.is(0.2) ? 0 : chance.between(1, 5);
  return Array.from({ length: count }, () => ({
    point: chance.pick(POINTS) ?? 'write',
    nth: 1 + Math.floor(chance.next() ** 2 * 9),
    action: chance.pick(WEIGHTED),
  }));
}

export const faultText = ({ point, nth, action }: Fault): string => `${action} at “${point}” ${nth}`;
