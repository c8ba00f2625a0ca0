import { simulate } from '/work/main/server/engine/simulation/simulate.ts';
for (let seed = 1; seed <= 2000; seed++) {
  const r = await simulate(seed);
  if (r.stats.strays > 0) {
    const lines: string[] = [];
    await simulate(seed, { lines });
    const struck = lines.filter((l) => /p\d+: (\w+)/.test(l)).map((l) => l.trim().replace(/^\S+\s+/, ''));
    console.log(seed, r.stats.strays, struck.join(' | '));
  }
}
