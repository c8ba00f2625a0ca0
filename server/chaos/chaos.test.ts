import { expect, it } from 'vitest';
import { runChaos } from './chaos.ts';
import { percentile } from './outcome.ts';

// The short form of `npm run chaos`: the same processes, load and injuries for an eighth of its time.
it('keeps every promise while processes are killed, frozen and stopped under load', {
  timeout: 180_000,
}, async () => {
  const said: string[] = [];
  const result = await runChaos({
    seconds: 16,
    servers: 2,
    workers: 2,
    everyMs: 2500,
    freezeMs: 12_000,
    rate: 30,
    injuries: ['kill', 'freeze', 'database', 'kill', 'stop', 'kill'],
    logLevel: 'silent',
    say: (line) => said.push(line),
  });
  expect(result.broken).toEqual([]);
  expect(result.lost).toEqual([]);
  expect(result.repeated).toEqual([]);
  expect(result).toMatchObject({ duplicated: 0, strayKeys: 0, refused: 0 });
  expect(result.hurt).toMatchObject({ badExits: 0 });
  expect(result.schedules).toMatchObject({ double: 0, missing: 0 });
  expect(result.schedules.fires).toBeGreaterThan(20);
  expect(percentile(result.takeovers, 0.99)).toBeLessThan(15_000);
  // Otherwise nothing was put to the test.
  expect(result.acknowledged).toBeGreaterThan(300);
  expect(result.hurt.counts.kill).toBeGreaterThan(0);
  expect(result.callsAgain).toBeGreaterThan(0);
});
