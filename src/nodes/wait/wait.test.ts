import { expect, it } from 'vitest';
import { graphOf, runStep } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { execute as merge } from '../merge/executor.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = (config: Record<string, unknown>, input?: unknown) =>
  runStep(definition, execute, { config, inputs: { input }, capabilities: { now: () => 1_000_000 } });

it.each([
  [{ duration: 30 }, 30_000],
  [{ duration: 1.5, unit: 'minutes' }, 90_000],
  [{ duration: 48, unit: 'hours' }, 172_800_000],
])('%j waits %i ms and then hands on what arrived', async (config, ms) => {
  expect(await run(config, { a: 1 })).toEqual({
    kind: 'wait',
    until: 1_000_000 + ms,
    outputs: { output: { a: 1 } },
  });
});

it('does not wait for a duration of 0', async () => {
  expect(await run({}, 'x')).toEqual({ kind: 'done', outputs: { output: 'x' } });
  expect(await run({})).toEqual({ kind: 'done', outputs: { output: null } });
});

it.each([{ duration: -1 }, { unit: 'days' }, { duration: 8785, unit: 'hours' }, { duration: Number.NaN }])(
  'refuses %j',
  (config) => {
    expect(definition.config.safeParse(config).success).toBe(false);
  },
);

it('flow: other paths go on meanwhile, and the shorter wait ends first', async () => {
  const graph = graphOf(
    {
      start: { type: 'trigger_manual' },
      long: { type: 'wait', config: { duration: 2, unit: 'hours' } },
      short: { type: 'wait', config: { duration: 1 } },
      join: { type: 'merge', config: { mode: 'list' } },
    },
    [
      'start.payload > long.input',
      'start.text > short.input',
      'long.output > join.branches',
      'short.output > join.branches',
    ],
  );
  const result = await runFlow({
    graph,
    payload: { text: 't' },
    definitionOf,
    executors: { wait: execute, merge },
  });
  expect(result.status).toBe('completed');
  expect(result.steps['join']?.outputs).toEqual({ merged: [{ text: 't' }, 't'] });
});
