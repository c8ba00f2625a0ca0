import { parseArgs } from 'node:util';
import { runChaos } from './chaos.ts';
import type { Injury } from './injury.ts';
import { type ChaosResult, percentile } from './outcome.ts';

/**
 * `npm run chaos`: two servers and two workers on one fresh embedded database under load, one of them killed with -9
 * every few seconds, some frozen or told to stop, and with `--database` PostgreSQL killed too. `--seconds=120`,
 * `--rate=50` starts a second, `--every=4` seconds between injuries, `--log=warn` what the processes say; `--quick` is
 * 25 seconds of it.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    rate: { type: 'string', default: '50' },
    every: { type: 'string', default: '4' },
    quick: { type: 'boolean', default: false },
    database: { type: 'boolean', default: false },
    log: { type: 'string', default: 'silent' },
  },
});

const INJURIES: readonly Injury[] = ['kill', 'kill', 'freeze', 'kill', 'stop', 'kill'];

function lines(result: ChaosResult): [string, string | number][] {
  const { hurt, takeovers } = result;
  const injuries = Object.entries(hurt.counts).map(([name, count]) => `${name} ${count}`);
  const time = (share: number): string => `${(percentile(takeovers, share) / 1000).toFixed(1)} s`;
  return [
    ['injuries', injuries.join(', ')],
    ['acknowledged runs', result.acknowledged],
    ['finished', result.finished],
    ['lost', result.lost.length],
    ['duplicated', result.duplicated],
    ['recorded steps repeated', result.repeated.length],
    ['calls that a frozen process sent when it woke up', result.late.length],
    ['effects in flight repeated, with the same key', result.callsAgain],
    ['calls that belong to no recorded step', result.strayKeys],
    ['schedule fires', result.schedules.fires],
    ['duplicate schedule fires', result.schedules.double],
    ['schedule fires left out without a record', result.schedules.missing],
    ['starts given up after a minute', result.refused],
    ['runs taken over', takeovers.length],
    ['takeover p50, p99', `${time(0.5)}, ${time(0.99)}`],
    ['graceful stops, slowest', `${(hurt.slowestStopMs / 1000).toFixed(1)} s, ${hurt.badExits} not with 0`],
    ['until everything had ended', `${(result.quietMs / 1000).toFixed(1)} s`],
    ['broken invariants', result.broken.length],
  ];
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const result = await runChaos({
  seconds: Number(values.seconds ?? (values.quick ? 25 : 120)),
  servers: 2,
  workers: 2,
  freezeMs: 20_000,
  everyMs: Number(values.every) * 1000,
  rate: Number(values.rate),
  injuries: values.database ? ['database', ...INJURIES] : INJURIES,
  logLevel: values.log,
  say: (line) => process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`),
});
for (const [what, value] of lines(result)) process.stdout.write(`${what.padEnd(48)} ${value}\n`);
const faults = [...result.lost, ...result.repeated, ...result.broken.map((one) => JSON.stringify(one))];
for (const fault of faults.slice(0, 20)) process.stdout.write(`FAULT ${fault}\n`);
const { schedules, hurt } = result;
const isGood =
  faults.length +
    result.duplicated +
    result.strayKeys +
    hurt.badExits +
    schedules.double +
    schedules.missing ===
  0;
process.exit(isGood ? 0 : 1);
