import { describe, expect, it } from 'vitest';
import { DEFECTS, type Defect } from './defect.ts';
import { type Simulated, simulate } from './simulate.ts';

const SEEDS = 1000;
/** Every defect shows within so many seeds. */
const ENOUGH = 250;

async function firstFailure(defect: Defect): Promise<Simulated | null> {
  for (let seed = 1; seed <= ENOUGH; seed += 1) {
    const result = await simulate(seed, { defect });
    if (result.failure !== null) return result;
  }
  return null;
}

describe('the simulated engine', () => {
  it(`keeps every promise in ${SEEDS} worlds`, { timeout: 300_000 }, async () => {
    const failures: string[] = [];
    let faults = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { failure, stats } = await simulate(seed);
      if (failure !== null) failures.push(`node server/engine/simulation/main.ts --seed ${seed}: ${failure}`);
      faults += stats.faults;
    }
    expect(failures).toEqual([]);
    expect(faults).toBeGreaterThan(SEEDS);
  });

  it('lives through the same world twice in the same way, and through another one differently', async () => {
    const hashes = new Set<number>();
    for (let seed = 5000; seed < 5020; seed += 1) {
      const [lines, again]: [string[], string[]] = [[], []];
      const first = await simulate(seed, { lines });
      expect(await simulate(seed, { lines: again })).toEqual(first);
      expect(again).toEqual(lines);
      hashes.add(first.hash);
    }
    expect(hashes.size).toBe(20);
  });
});

describe('a defect built in on purpose', () => {
  it.each(Object.entries(DEFECTS))(
    '%s: “%s” is found, and its seed shows it again',
    async (name) => {
      const defect = name as Defect;
      const found = await firstFailure(defect);
      expect(found?.failure).toEqual(expect.any(String));
      const again = await simulate(found?.seed ?? 0, { defect, lines: [] });
      expect(again).toEqual(found);
      // Without the defect nothing is wrong with that seed.
      expect((await simulate(found?.seed ?? 0)).failure).toBeNull();
    },
    120_000,
  );
});
