import { type Defect, plant } from './defect.ts';
import type { Stats } from './surroundings.ts';
import { World } from './world.ts';

export interface Simulated {
  readonly seed: number;
  /** Which promise was broken and where; null: none. */
  readonly failure: string | null;
  /** Of everything that happened, in order: the same for the same seed. */
  readonly hash: number;
  readonly events: number;
  readonly runs: number;
  /** Virtual time that passed. */
  readonly ms: number;
  readonly stats: Stats;
}

export interface SimulationOptions {
  readonly defect?: Defect | null;
  /** Takes the trace, line by line. */
  readonly lines?: string[] | null;
}

/** Lives through one world. The seed decides everything that happens in it. */
export async function simulate(
  seed: number,
  { defect = null, lines = null }: SimulationOptions = {},
): Promise<Simulated> {
  const removeDefect = plant(defect);
  const world = new World(seed, { defect, lines });
  const { schedule, stats, watch, database } = world;
  try {
    await world.run();
  } catch (error) {
    watch.violate(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    removeDefect();
  }
  return {
    seed,
    failure: watch.failure,
    hash: schedule.hash,
    events: schedule.events,
    runs: database.runs.size,
    ms: Math.round(schedule.elapsed),
    stats,
  };
}
