import { expect, it } from 'vitest';
import { graphOf, renderReferences } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { execute as errorHandler } from '../error_handler/executor.ts';
import { execute as set } from '../set/executor.ts';

it('hands on what went wrong, whole and in parts', async () => {
  const graph = graphOf(
    {
      failed: { type: 'trigger_error' },
      handle: { type: 'error_handler', config: { routes: { later: 'timeout' } } },
      say: {
        type: 'set',
        config: { mode: 'text', text: '{{ trigger.workflow_name }}: {{ handle.message }}' },
      },
      never: { type: 'set', config: { mode: 'text', text: 'x' } },
    },
    ['failed.error > handle.error', 'handle.later > say.input', 'handle.other > never.input'],
  );
  const error = { message: 'Too slow.', code: 'timeout', node: 'fetch' };
  const result = await runFlow({
    graph,
    payload: { error, execution_id: 'r', workflow_slug: 'w', workflow_name: 'Orders' },
    definitionOf,
    executors: { set, error_handler: errorHandler },
    render: renderReferences,
  });
  expect(result.steps['say']?.outputs).toEqual({ output: 'Orders: Too slow.' });
  expect(result.steps['never']?.state).toBe('skipped');
});
