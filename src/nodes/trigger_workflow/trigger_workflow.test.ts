import { expect, it } from 'vitest';
import { graphOf, renderReferences } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';

it('hands on what the caller handed over', async () => {
  const graph = graphOf(
    {
      called: { type: 'trigger_workflow' },
      whole: { type: 'set', config: { mode: 'json', json: '{{ called.payload }}' } },
      text: { type: 'set', config: { mode: 'text', text: '{{ called.text }} for {{ trigger.id }}' } },
    },
    ['called.payload > whole.input', 'called.text > text.input'],
  );
  const payload = { text: 'bill', id: 7 };
  const result = await runFlow({
    graph,
    payload,
    definitionOf,
    executors: { set },
    render: renderReferences,
  });
  expect(result.steps['whole']?.outputs).toEqual({ output: payload });
  expect(result.steps['text']?.outputs).toEqual({ output: 'bill for 7' });
});
