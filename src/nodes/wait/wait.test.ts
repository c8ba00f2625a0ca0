import { describe, expect, it } from 'vitest';
import { readConfig } from '#domain/node/definition.ts';
import type { HttpRequest } from '#domain/node/executor.ts';
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

it.each([
  { duration: -1 },
  { unit: 'weeks' },
  { duration: 8785, unit: 'hours' },
  { duration: Number.NaN },
  { mode: 'forever' },
  { timeout: -1 },
  { timeout: 367, timeout_unit: 'days' },
])('refuses %j', (config) => {
  expect(definition.config.safeParse(config).success).toBe(false);
});

describe('until a time', () => {
  const until = (time: string | number) => run({ mode: 'until', until: time }, 'x');

  it.each([
    ['1970-01-01T01:00:00Z', 3_600_000],
    ['1970-01-01T02:00:00+01:00', 3_600_000],
    ['1970-01-02', 86_400_000],
    [5000, 5_000_000],
  ])('%s is waited for', async (time, at) => {
    expect(await until(time)).toEqual({ kind: 'wait', until: at, outputs: { output: 'x' } });
  });

  it.each(['1970-01-01T00:00:01Z', '1969-12-31', 1000])(
    '%s has passed, so it goes on at once',
    async (time) => {
      expect(await until(time)).toEqual({ kind: 'done', outputs: { output: 'x' } });
    },
  );

  it.each(['', 'tomorrow', '2030-02-30', '9999-01-01'])('“%s” is refused by name', async (time) => {
    await expect(async () => until(time)).rejects.toMatchObject({
      code: 'bad_time',
      permanent: true,
      message: expect.stringContaining('“Until”'),
    });
  });
});

describe('until a call', () => {
  const address = { source: 'call', url: 'http://here/resume/secret' };
  const asked: (number | null)[] = [];
  const sent: HttpRequest[] = [];
  const capabilities = {
    now: () => 1_000_000,
    awaitCall: async ({ expiresAt }: { expiresAt: number | null }) => {
      asked.push(expiresAt);
      return address;
    },
    http: async (request: HttpRequest) => {
      sent.push(request);
      return { status: 200, headers: {}, body: '', url: request.url, durationMs: 1 };
    },
  };

  it('shows the address, and sends it where it is told to', async () => {
    const config = { mode: 'call', timeout: 1, timeout_unit: 'minutes', notify_url: 'http://there/' };
    expect(await runStep(definition, execute, { config, capabilities })).toEqual({
      kind: 'suspend',
      sources: ['call'],
      until: 1_060_000,
      shown: { resume_url: address.url },
    });
    expect(asked).toEqual([1_060_000]);
    expect(sent.map(({ url, body }) => [url, body])).toEqual([
      ['http://there/', '{"resume_url":"http://here/resume/secret"}'],
    ]);
  });

  it('gives the call and hands on what arrived, or leaves by the time limit', async () => {
    const config = { mode: 'call' };
    const call = { method: 'POST', query: {}, headers: {}, body: { ok: 1 } };
    const resumed = { timedOut: false, signals: { call }, kept: null };
    expect(await runStep(definition, execute, { config, inputs: { input: 7 }, resumed })).toEqual({
      kind: 'done',
      outputs: { output: 7, call },
    });
    const late = { timedOut: true, signals: {}, kept: null };
    expect(await runStep(definition, execute, { config, inputs: { input: 7 }, resumed: late })).toEqual({
      kind: 'done',
      outputs: { timeout: 7 },
    });
  });

  it('has the ports it can leave by', () => {
    const outputs = (config: Record<string, unknown>) =>
      definition.ports(readConfig(definition, config)).outputs.map((port) => port.name);
    expect(outputs({})).toEqual(['output']);
    expect(outputs({ mode: 'call' })).toEqual(['output', 'call']);
    expect(outputs({ mode: 'call', timeout: 5 })).toEqual(['output', 'call', 'timeout']);
    expect(outputs({ mode: 'until', timeout: 5 })).toEqual(['output']);
  });
});

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
