import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf } from '../run/flow-fixture.ts';
import type { Graph } from './graph.ts';
import { downstreamOf, nodesOnCircle, reachableFrom, topologicalOrder, upstreamOf } from './order.ts';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];
/** Letters are nodes; `ab` is an edge. */
const sketch = (ids: readonly string[], edges: readonly string[]): Graph =>
  graphOf(
    Object.fromEntries(ids.map((id) => [id, { type: 'set' }])),
    edges.map((edge) => `${edge[0]}.output > ${edge[1]}.input`),
  );
const anyGraph = fc
  .array(fc.tuple(fc.constantFrom(...IDS), fc.constantFrom(...IDS)), { maxLength: 14 })
  .map((pairs) =>
    sketch(
      IDS,
      pairs.map(([from, to]) => from + to),
    ),
  );

describe('topologicalOrder', () => {
  it('puts every node once, sorted or cyclic, and every edge forward', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const { sorted, cyclic } = topologicalOrder(graph);
        expect([...sorted, ...cyclic].toSorted()).toEqual(IDS);
        const place = new Map(sorted.map((id, index) => [id, index]));
        for (const { source, target } of graph.edges) {
          const to = place.get(target);
          if (to !== undefined) expect(place.get(source)).toBeLessThan(to);
        }
      }),
    );
  });

  it('keeps the drawing order of independent nodes', () => {
    expect(topologicalOrder(sketch(['c', 'a', 'b'], [])).sorted).toEqual(['c', 'a', 'b']);
    expect(topologicalOrder(sketch(['d', 'b', 'c', 'a'], ['ab', 'ac', 'bd', 'cd'])).sorted).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  it('counts two edges between the same nodes once each, and ignores edges to strangers', () => {
    expect(topologicalOrder(sketch(['a', 'b'], ['ab', 'ab', 'za', 'bz'])).sorted).toEqual(['a', 'b']);
  });
});

describe('nodesOnCircle', () => {
  it('is empty exactly when everything can be ordered', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const circle = nodesOnCircle(graph);
        expect(circle.length === 0).toBe(topologicalOrder(graph).cyclic.length === 0);
        for (const id of circle) expect(downstreamOf(graph, id).has(id)).toBe(true);
      }),
    );
  });

  it('leaves out what only hangs behind the circle', () => {
    expect(nodesOnCircle(sketch(['a', 'b', 'c', 'd'], ['ab', 'bc', 'cb', 'cd']))).toEqual(['b', 'c']);
  });
});

describe('reachability', () => {
  it('upstream is the mirror of downstream', () => {
    fc.assert(
      fc.property(anyGraph, fc.constantFrom(...IDS), fc.constantFrom(...IDS), (graph, one, other) => {
        expect(downstreamOf(graph, one).has(other)).toBe(upstreamOf(graph, other).has(one));
      }),
    );
  });

  it('leaves out the start unless it is on a circle', () => {
    const graph = sketch(['a', 'b', 'c', 'd'], ['ab', 'bc', 'dc']);
    expect(downstreamOf(graph, 'a')).toEqual(new Set(['b', 'c']));
    expect(upstreamOf(graph, 'c')).toEqual(new Set(['a', 'b', 'd']));
    expect(reachableFrom(graph, ['b', 'd'])).toEqual(new Set(['b', 'c', 'd']));
    expect(downstreamOf(sketch(['a', 'b'], ['ab', 'ba']), 'a')).toEqual(new Set(['a', 'b']));
  });

  it('walks ten thousand nodes in a row', () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `n${index}`);
    const graph = graphOf(
      Object.fromEntries(ids.map((id) => [id, { type: 'set' }])),
      ids.slice(1).map((id, index) => `n${index}.output > ${id}.input`),
    );
    expect(topologicalOrder(graph).sorted).toEqual(ids);
    expect(downstreamOf(graph, 'n0').size).toBe(9_999);
  });
});
