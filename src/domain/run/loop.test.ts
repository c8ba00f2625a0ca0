import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { NodeSettings } from '../graph/graph.ts';
import type { AnyDefinition } from '../node/definition.ts';
import type { AnyExecutor, Iterate } from '../node/executor.ts';
import { graphOf } from './flow-fixture.ts';
import { runFlow } from './run-flow.ts';

const any = (name: string) => ({ name, type: 'any' as const });
const base = {
  summary: '',
  icon: 'box',
  category: 'data' as const,
  effect: 'pure' as const,
  config: z.looseObject({}),
  formatVersion: 1,
  docs: '',
};
const types: Record<string, AnyDefinition> = {
  t: {
    ...base,
    type: 't',
    title: 't',
    trigger: 'manual',
    ports: () => ({ inputs: [], outputs: [any('payload')] }),
  },
  n: { ...base, type: 'n', title: 'n', ports: () => ({ inputs: [any('in')], outputs: [any('out')] }) },
  s: {
    ...base,
    type: 's',
    title: 's',
    ports: () => ({ inputs: [any('in')], outputs: [any('p'), any('q')] }),
  },
  m: {
    ...base,
    type: 'm',
    title: 'm',
    ports: () => ({ inputs: [{ ...any('in'), many: true }], outputs: [any('out')] }),
  },
  loop: {
    ...base,
    type: 'loop',
    title: 'loop',
    ports: () => ({
      inputs: [any('items'), { ...any('back'), many: true, loop: 'return' as const }],
      outputs: [{ ...any('each'), loop: 'body' as const }, any('results'), any('errors')],
    }),
  },
};

type Step = { inputs: Record<string, unknown>; loop: unknown; config: Record<string, unknown> };
type Sketch = Record<
  string,
  { type: string; config?: Record<string, unknown>; settings?: Partial<NodeSettings> }
>;

/** Runs a graph and tells which node ran with which input, in order. */
async function play(nodes: Sketch, edges: string[], payload: unknown) {
  const ran: [string, unknown][] = [];
  const loops: unknown[] = [];
  const executors: Record<string, unknown> = {
    n: ({ inputs, config, loop }: Step) => {
      ran.push([String(config.id), inputs.in]);
      if (config.failOn !== undefined && config.failOn === inputs.in)
        throw new Error(`no ${String(inputs.in)}`);
      loops.push(loop);
      return {
        kind: 'done',
        outputs: { out: config.add ? Number(inputs.in) + Number(config.add) : inputs.in },
      };
    },
    m: ({ inputs, config }: Step) => {
      ran.push([String(config.id), inputs.in]);
      return { kind: 'done', outputs: { out: inputs.in } };
    },
    s: ({ inputs }: Step) => ({
      kind: 'done',
      outputs: Number(inputs.in) % 2 === 0 ? { p: inputs.in } : { q: inputs.in },
    }),
    loop: ({ inputs, config }: Step): Iterate => ({
      kind: 'iterate',
      items: inputs.items as unknown[],
      parallelism: 1,
      onItemError: 'stop',
      breakWhen: [],
      ...config,
    }),
  };
  const withIds: Sketch = Object.fromEntries(
    Object.entries(nodes).map(([id, node]) => [
      id,
      { ...node, config: node.type === 'loop' ? (node.config ?? {}) : { id, ...node.config } },
    ]),
  );
  const graph = graphOf({ t: { type: 't' }, ...withIds }, edges);
  const result = await runFlow({
    graph,
    payload,
    definitionOf: (type) => types[type],
    executors: executors as Record<string, AnyExecutor>,
  });
  const times = (id: string) => ran.filter(([node]) => node === id).length;
  return { result, ran, loops, times };
}

const L = { type: 'loop' };
const N = { type: 'n' };
const around = ['t.payload > L.items', 'L.each > b.in', 'b.out > L.back'];

describe('a loop', () => {
  it('repeats its body for every item and gives the results in their order', async () => {
    const { result, ran, loops } = await play(
      { L, b: { ...N, config: { add: 10 } }, z: N },
      [...around, 'L.results > z.in'],
      [1, 2, 3],
    );
    expect(result.status).toBe('completed');
    expect(ran).toEqual([
      ['b', 1],
      ['b', 2],
      ['b', 3],
      ['z', [11, 12, 13]],
    ]);
    expect(loops[1]).toEqual({ item: 2, index: 1, total: 3, parent: null });
  });

  it('ends without anything behind it, and without a return', async () => {
    const { result } = await play({ L, b: N }, ['t.payload > L.items', 'L.each > b.in'], [1, 2]);
    expect(result.status).toBe('completed');
    expect(result.output).toEqual({ node_outputs: { L: { results: [null, null] } } });
  });

  it.each([[[]], [[5]]])('takes a list of %j', async (items) => {
    const { result, times } = await play({ L, b: N, z: N }, [...around, 'L.results > z.in'], items);
    expect(result.steps.L?.outputs).toEqual({ results: items });
    expect(times('b')).toBe(items.length);
    expect(times('z')).toBe(1);
  });

  it('runs a join in its body once an item', async () => {
    const { result, times } = await play(
      { L, a: N, b: N, m: { type: 'm' }, z: N },
      [
        't.payload > L.items',
        'L.each > a.in',
        'L.each > b.in',
        'a.out > m.in',
        'b.out > m.in',
        'm.out > L.back',
        'L.results > z.in',
      ],
      [1, 2, 3],
    );
    expect(times('m')).toBe(3);
    expect(times('z')).toBe(1);
    expect(result.steps.L?.outputs).toEqual({
      results: [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    });
  });

  it('goes on when a switch skips the return, with null for that item', async () => {
    const { result } = await play(
      { L, s: { type: 's' }, b: N, x: N },
      ['t.payload > L.items', 'L.each > s.in', 's.p > b.in', 's.q > x.in', 'b.out > L.back'],
      [1, 2, 3, 4],
    );
    expect(result.steps.L?.outputs).toEqual({ results: [null, 2, null, 4] });
  });

  it('takes the return of whichever branch ran', async () => {
    const { result } = await play(
      { L, s: { type: 's' }, b: { ...N, config: { add: 100 } }, x: N },
      [
        't.payload > L.items',
        'L.each > s.in',
        's.p > b.in',
        's.q > x.in',
        'b.out > L.back',
        'x.out > L.back',
      ],
      [1, 2],
    );
    expect(result.steps.L?.outputs).toEqual({ results: [1, 102] });
  });

  it('nests, each body seeing its own item and the one around it', async () => {
    const { result, loops, times } = await play(
      { L, M: L, b: N, a: N, z: N },
      [
        't.payload > L.items',
        'L.each > M.items',
        'M.each > b.in',
        'b.out > M.back',
        'M.results > a.in',
        'a.out > L.back',
        'L.results > z.in',
      ],
      [[1, 2], [], [3]],
    );
    expect(result.steps.L?.outputs).toEqual({ results: [[1, 2], [], [3]] });
    expect([times('b'), times('a'), times('z')]).toEqual([3, 3, 1]);
    expect(loops[1]).toMatchObject({ item: 2, index: 1, parent: { index: 0, item: [1, 2] } });
  });

  it('lets values from outside into every repetition, also those that come late', async () => {
    const { ran } = await play(
      { L, slow: N, slower: N, m: { type: 'm' } },
      [
        't.payload > L.items',
        't.payload > slow.in',
        'slow.out > slower.in',
        'L.each > m.in',
        'slower.out > m.in',
        'm.out > L.back',
      ],
      [1, 2],
    );
    expect(ran.filter(([id]) => id === 'm')).toEqual([
      ['m', [1, [1, 2]]],
      ['m', [2, [1, 2]]],
    ]);
  });

  it.each([
    ['stop', 'failed', undefined],
    ['continue', 'completed', { results: [1, { message: 'no 2', code: 'node_error', node: 'b' }, 3] }],
    [
      'collect',
      'completed',
      {
        results: [1, null, 3],
        errors: [{ index: 1, item: 2, message: 'no 2', code: 'node_error', node: 'b' }],
      },
    ],
  ] as const)('with %s after an error of one item', async (onItemError, status, outputs) => {
    const { result } = await play(
      { L: { ...L, config: { onItemError } }, b: { ...N, config: { failOn: 2 } } },
      around,
      [1, 2, 3],
    );
    expect(result.status).toBe(status);
    if (outputs) expect(result.steps.L?.outputs).toEqual(outputs);
    else expect(result.error).toEqual({ message: 'no 2', code: 'node_error', node: 'b' });
  });

  it('leaves by its own error port when its body fails', async () => {
    const { result, ran } = await play(
      { L: { ...L, settings: { onError: 'route' } }, b: { ...N, config: { failOn: 1 } }, e: N, z: N },
      [...around, 'L.error > e.in', 'L.results > z.in'],
      [1, 2],
    );
    expect(result.status).toBe('completed');
    expect(ran).toEqual([
      ['b', 1],
      ['e', { message: 'no 1', code: 'node_error', node: 'b' }],
    ]);
  });

  it('stops early once a result is enough', async () => {
    const { result, times } = await play(
      { L: { ...L, config: { breakWhen: [{ field: '', operator: 'gte', value: 2 }] } }, b: N },
      around,
      [1, 2, 3, 4],
    );
    expect(result.steps.L?.outputs).toEqual({ results: [1, 2] });
    expect(times('b')).toBe(2);
  });

  it('keeps the order with many repetitions at once', async () => {
    const items = Array.from({ length: 1000 }, (_, index) => index);
    const { result } = await play({ L: { ...L, config: { parallelism: 20 } }, b: N }, around, items);
    expect(result.steps.L?.outputs).toEqual({ results: items });
  });

  it('is skipped whole on a dead path', async () => {
    const { result, times } = await play(
      { s: { type: 's' }, L, b: N, z: N },
      ['t.payload > s.in', 's.p > L.items', 'L.each > b.in', 'b.out > L.back', 'L.results > z.in'],
      1,
    );
    expect(result.status).toBe('completed');
    expect([times('b'), times('z')]).toEqual([0, 0]);
  });

  it.each([
    [
      'after it and in it',
      ['t.payload > L.items', 'L.each > b.in', 'L.results > z.in', 'b.out > z.in'],
      /both in the loop/,
    ],
    [
      'a return from outside',
      ['t.payload > L.items', 'L.each > b.in', 't.payload > z.in', 'z.out > L.back'],
      /not part of the body/,
    ],
  ])('refuses to run torn: %s', async (_, edges, words) => {
    await expect(play({ L, b: N, z: N }, edges as string[], [1])).rejects.toThrow(words as RegExp);
  });
});

describe('a join', () => {
  const diamond = [
    't.payload > s.in',
    's.p > a.in',
    's.q > b.in',
    'a.out > d.in',
    'b.out > d.in',
    'd.out > z.in',
  ];

  it.each([
    ['all', 1],
    ['any', 1],
    ['allTaken', 0],
    ['each', 1],
  ] as const)('%s, with one way skipped, runs %i times', async (join, count) => {
    const { result, times } = await play(
      { s: { type: 's' }, a: N, b: N, d: { ...N, settings: { join } }, z: N },
      diamond,
      2,
    );
    expect(result.status).toBe('completed');
    expect([times('d'), times('z')]).toEqual([count, count]);
  });

  it('each runs what is behind it once for every arrival', async () => {
    const { result, ran } = await play(
      {
        a: { ...N, config: { add: 1 } },
        b: { ...N, config: { add: 2 } },
        d: { ...N, settings: { join: 'each' } },
        z: N,
      },
      ['t.payload > a.in', 't.payload > b.in', 'a.out > d.in', 'b.out > d.in', 'd.out > z.in'],
      1,
    );
    expect(result.status).toBe('completed');
    expect(ran.filter(([id]) => id === 'z')).toEqual([
      ['z', 2],
      ['z', 3],
    ]);
    expect(result.output).toEqual({ node_outputs: { z: { out: 3 } } });
  });

  it('each in a loop gives back what came first in edge order', async () => {
    const { result, times } = await play(
      { L, a: N, b: { ...N, config: { add: 5 } }, d: { ...N, settings: { join: 'each' } } },
      [
        't.payload > L.items',
        'L.each > a.in',
        'L.each > b.in',
        'a.out > d.in',
        'b.out > d.in',
        'd.out > L.back',
      ],
      [1, 2],
    );
    expect(times('d')).toBe(4);
    expect(result.steps.L?.outputs).toEqual({ results: [1, 2] });
  });

  it('an edge to the end of the path ends it', async () => {
    const { result, times } = await play({ a: N }, ['t.payload > a.in', 'a.out > __end__.in'], 1);
    expect(result.status).toBe('completed');
    expect(times('a')).toBe(1);
  });
});
