import { describe, expect, it } from 'vitest';
import { graphOf, renderReferences, stepOutputs } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { execute as switchNode } from '../switch/executor.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const executors = { merge: execute, set, switch: switchNode };
const run = async (mode: string, branches?: unknown[]) => {
  const outputs = await stepOutputs(definition, execute, { config: { mode }, inputs: { branches } });
  return outputs['merged'];
};

describe('modes', () => {
  it.each([
    ['append', [[1, 2], 3, [[4]], null], [1, 2, 3, [4], null]],
    ['combine', [{ a: 1, b: 1 }, { b: 2 }], { a: 1, b: 2 }],
    ['combine', [{ a: 1 }, 'text', null, [1]], { a: 1, value_2: 'text', value_4: [1] }],
    ['list', [[1], { a: 1 }, 'x'], [[1], { a: 1 }, 'x']],
    ['first', [{ a: 1 }, 2], { a: 1 }],
  ])('%s of %j', async (mode, branches, expected) => {
    expect(await run(mode, branches)).toEqual(expected);
  });

  it('cannot be led to change what objects inherit', async () => {
    const merged = await run('combine', [JSON.parse('{"__proto__": {"polluted": true}}')]);
    expect(Object.keys(merged as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

const text = (value: string) => ({ type: 'set', config: { mode: 'text', text: value } });

it('flow: waits for every branch and keeps the order of the edges', async () => {
  const graph = graphOf(
    {
      start: { type: 'trigger_manual' },
      a: text('a'),
      b: text('b'),
      b2: text('b2'),
      join: { type: 'merge', config: { mode: 'list' } },
    },
    [
      'start.payload > a.input',
      'start.payload > b.input',
      'b.output > b2.input',
      'b2.output > join.branches',
      'a.output > join.branches',
      'start.text > join.branches',
    ],
  );
  const result = await runFlow({
    graph,
    payload: { text: 't' },
    definitionOf,
    executors,
    render: renderReferences,
  });
  expect(result.steps['join']).toMatchObject({ attempts: 1, outputs: { merged: ['b2', 'a', 't'] } });
});

it('flow: a branch the Switch did not choose does not hold it up', async () => {
  const rules = [
    { id: 'p', field: 'way', operator: 'equals', value: 'p' },
    { id: 'q', field: 'way', operator: 'equals', value: 'q' },
  ];
  const graph = graphOf(
    {
      start: { type: 'trigger_manual' },
      choose: { type: 'switch', config: { rules } },
      P: text('from P'),
      Q: text('from Q'),
      join: { type: 'merge', config: { mode: 'first' } },
      Z: text('got {{ join.merged }}'),
    },
    [
      'start.payload > choose.input',
      'choose.p > P.input',
      'choose.q > Q.input',
      'P.output > join.branches',
      'Q.output > join.branches',
      'join.merged > Z.input',
    ],
  );
  const go = (way: string) =>
    runFlow({ graph, payload: { way }, definitionOf, executors, render: renderReferences });
  const left = await go('p');
  expect(left.steps['Z']).toMatchObject({ attempts: 1, outputs: { output: 'got from P' } });
  expect(left.steps['Q']?.state).toBe('skipped');
  const neither = await go('other');
  expect(neither.status).toBe('completed');
  expect(neither.steps['join']?.state).toBe('skipped');
  expect(neither.steps['Z']?.state).toBe('skipped');
});

it('flow: what follows two branches of a diamond runs once, with or without a Merge', async () => {
  const graph = graphOf(
    {
      start: { type: 'trigger_manual' },
      A: text('a'),
      B: text('b'),
      C: text('c'),
      D: text('d of {{ B.output }} and {{ C.output }}'),
      Z: text('z after {{ D.output }}'),
    },
    [
      'start.payload > A.input',
      'A.output > B.input',
      'A.output > C.input',
      'B.output > D.input',
      'C.output > D.input',
      'D.output > Z.input',
    ],
  );
  const result = await runFlow({ graph, payload: {}, definitionOf, executors, render: renderReferences });
  expect(result.steps['D']?.attempts).toBe(1);
  expect(result.steps['Z']).toMatchObject({ attempts: 1, outputs: { output: 'z after d of b and c' } });
});

it('flow: an edge straight from the trigger waits for the longer way', async () => {
  const graph = graphOf(
    { start: { type: 'trigger_manual' }, A: text('a'), join: { type: 'merge', config: { mode: 'list' } } },
    ['start.text > join.branches', 'start.payload > A.input', 'A.output > join.branches'],
  );
  const result = await runFlow({
    graph,
    payload: { text: 't' },
    definitionOf,
    executors,
    render: renderReferences,
  });
  expect(result.steps['join']).toMatchObject({ attempts: 1, outputs: { merged: ['t', 'a'] } });
});
