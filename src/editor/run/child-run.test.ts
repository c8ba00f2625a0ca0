import { expect, it } from 'vitest';
import { endedIn } from './child-run.ts';
import { afterMessages, NO_RUN } from './run-state.ts';

const message = (type: string, data: Record<string, unknown>) => ({ type, timestamp: 1, data });
const child = (node_id: string, status: string, more: Record<string, unknown> = {}) =>
  message('child_node_status', {
    ...{ node_id, status, node_label: `The ${node_id}`, child_execution_id: 'c1', parent_node_id: 'call' },
    ...more,
  });
const waits = (...child_execution_ids: string[]) =>
  message('node_status', { node_id: 'call', status: 'waiting', child_execution_ids });

it('tells how far a run is that a step waits for, whichever of them is heard of first', () => {
  const before = afterMessages(NO_RUN, [child('a', 'running'), child('a', 'success'), child('b', 'running')]);
  const { children, steps } = afterMessages(before, [waits('c1')]);
  expect(children.byNode).toEqual({ call: ['c1'] });
  expect(children.runs['c1']).toEqual({ nodes: { a: 'success', b: 'running' }, at: 'The b' });
  expect(endedIn(children.runs['c1']?.nodes ?? {})).toBe(1);
  expect(Object.keys(steps)).toEqual(['call']);
});

it('counts neither calls of tools nor the steps of runs further down', () => {
  const { children } = afterMessages(NO_RUN, [
    waits('c1'),
    child('calc', 'success', { is_tool_call: true }),
    child('llm', 'success', { is_part_call: true }),
    child('deep', 'success', { child_execution_id: 'c2' }),
  ]);
  expect(children.runs['c1']).toBeUndefined();
  expect(children.byNode).toEqual({ call: ['c1'] });
});

it('knows all runs of a step in a loop', () => {
  const { children } = afterMessages(NO_RUN, [waits('c1'), waits('c2', 'c3'), waits('c1')]);
  expect(children.byNode['call']).toEqual(['c1', 'c2', 'c3']);
});
