import { expect, it } from 'vitest';
import { graphOf, renderReferences } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';

const graph = graphOf(
  {
    start: { type: 'trigger_manual' },
    whole: { type: 'set', config: { mode: 'json', json: '{{ start.payload }}' } },
    text: { type: 'set', config: { mode: 'text', text: 'Hello {{ trigger.text }}' } },
  },
  ['start.payload > whole.input', 'start.text > text.input'],
);
const run = (payload: unknown) =>
  runFlow({ graph, payload, definitionOf, executors: { set }, render: renderReferences });

it('hands on what the run was started with', async () => {
  const result = await run({ text: 'Ada', age: 36 });
  expect(result.steps['whole']?.outputs).toEqual({ output: { text: 'Ada', age: 36 } });
  expect(result.steps['text']?.outputs).toEqual({ output: 'Hello Ada' });
  expect(result.status).toBe('completed');
});

it('names what the run was started without', async () => {
  const result = await run({});
  expect(result.status).toBe('failed');
  expect(result.error).toMatchObject({ node: 'text', message: expect.stringContaining('trigger.text') });
});
