import { expect, it } from 'vitest';
import { readConfig } from '#domain/node/definition.ts';
import { runStep } from '#domain/run/flow-fixture.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const routes = { later: 'timeout, unreachable', web: 'http_*' };
const run = (error: unknown) => runStep(definition, execute, { config: { routes }, inputs: { error } });
const failure = (code: string) => ({ message: 'It broke.', code, node: 'fetch' });

it.each([
  ['timeout', 'later', true],
  ['unreachable', 'later', true],
  ['http_status', 'web', false],
  ['worker_lost', 'other', true],
  ['Timeout', 'other', false],
])('%s leaves by %s', async (code, way, retryable) => {
  const error = failure(code);
  expect(await run(error)).toEqual({
    kind: 'done',
    outputs: { message: 'It broke.', code, node: 'fetch', retryable, [way]: error },
  });
});

it.each([
  ['just text', { message: 'just text', code: '', node: '', other: 'just text' }],
  [
    { error: failure('timeout'), execution_id: 'x' },
    { code: 'timeout', node: 'fetch', later: expect.anything() },
  ],
  [
    { message: 'm', code: 'c', node: null },
    { message: 'm', code: 'c', node: '' },
  ],
  [null, { message: '', code: '', other: null }],
])('reads %j', async (error, outputs) => {
  expect(await run(error)).toMatchObject({ outputs });
});

it('has a port for each way, and the rest', () => {
  const names = (config: Record<string, unknown>) =>
    definition
      .ports(readConfig(definition, config))
      .outputs.filter((port) => port.route)
      .map((port) => port.name);
  expect(names({ routes })).toEqual(['later', 'web', 'other']);
  expect(names({})).toEqual(['other']);
});

it.each([{ code: 'x' }, { other: 'x' }, { 'two words': 'x' }, { '': 'x' }, { later: '' }])(
  'refuses the ways %j',
  (wrong) => {
    expect(definition.config.safeParse({ routes: wrong }).success).toBe(false);
  },
);
