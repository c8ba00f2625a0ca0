import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf } from '../run/flow-fixture.ts';
import {
  applyCommands,
  CommandError,
  type GraphCommand,
  graphCommand,
  inverseOf,
  NODE_ID,
} from './command.ts';
import { DEFAULT_SETTINGS, EMPTY_GRAPH, type Graph, type GraphEdge, type GraphNode } from './graph.ts';

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const coordinate = fc.integer({ min: -1000, max: 1000 });
const node = fc.record({
  id,
  type: fc.constantFrom('set', 'code'),
  label: fc.option(fc.string({ maxLength: 5 })),
  x: coordinate,
  y: coordinate,
  config: fc.dictionary(fc.string({ maxLength: 3 }), fc.integer(), { maxKeys: 2 }),
  settings: fc.constant(DEFAULT_SETTINGS),
});
const edge = fc.record({
  id: fc.integer({ min: 1, max: 8 }),
  source: id,
  sourcePort: fc.constant('output'),
  target: id,
  targetPort: fc.constant('input'),
  priority: fc.integer({ min: -3, max: 3 }),
});
const graph: fc.Arbitrary<Graph> = fc
  .record({
    nodes: fc.uniqueArray(node, { selector: (one) => one.id }),
    edges: fc.uniqueArray(edge, { selector: (one) => one.id }),
  })
  .map((drawn) => drawn as Graph);
const command: fc.Arbitrary<GraphCommand> = fc.oneof(
  node.map((one) => ({ kind: 'add_node' as const, node: one })),
  fc
    .record({ id, label: fc.string(), config: fc.constant({ changed: true }) }, { requiredKeys: ['id'] })
    .map((change) => ({ kind: 'update_node' as const, ...change })),
  fc.record({ id, x: coordinate, y: coordinate }).map((to) => ({ kind: 'move_node' as const, ...to })),
  id.map((one) => ({ kind: 'remove_node' as const, id: one })),
  edge.map((one) => ({ kind: 'add_edge' as const, edge: one })),
  fc.integer({ min: 1, max: 8 }).map((one) => ({ kind: 'remove_edge' as const, id: one })),
);

/** A graph is a set of nodes and edges; their order in the lists means nothing. */
const asSet = ({ nodes, edges }: Graph): { nodes: GraphNode[]; edges: GraphEdge[] } => ({
  nodes: nodes.toSorted((a, b) => a.id.localeCompare(b.id)),
  edges: edges.toSorted((a, b) => a.id - b.id),
});

function applied(drawn: Graph, one: GraphCommand): Graph | null {
  try {
    return applyCommands(drawn, [one]);
  } catch (error) {
    if (error instanceof CommandError) return null;
    throw error;
  }
}

describe('inverseOf', () => {
  it('undoes every command that applied', () => {
    fc.assert(
      fc.property(graph, command, (before, one) => {
        const after = applied(before, one);
        fc.pre(after !== null);
        expect(asSet(applyCommands(after as Graph, inverseOf(before, one)))).toEqual(asSet(before));
      }),
      { numRuns: 1000 },
    );
  });

  it('undoes a whole batch when undone backwards', () => {
    fc.assert(
      fc.property(graph, fc.array(command, { maxLength: 12 }), (before, commands) => {
        const undo: GraphCommand[][] = [];
        let now = before;
        for (const one of commands) {
          const after = applied(now, one);
          if (!after) continue;
          undo.unshift(inverseOf(now, one));
          now = after;
        }
        expect(asSet(applyCommands(now, undo.flat()))).toEqual(asSet(before));
      }),
    );
  });
});

describe('applyCommands', () => {
  const drawn = graphOf({ a: { type: 'set' }, b: { type: 'set' }, c: { type: 'set' } }, [
    'a.output > b.input',
    'b.output > c.input',
  ]);

  it('leaves the given graph alone and keeps untouched nodes as they are', () => {
    const copy = structuredClone(drawn);
    const after = applyCommands(drawn, [{ kind: 'move_node', id: 'a', x: 5, y: 6 }]);
    expect(drawn).toEqual(copy);
    expect(after.nodes[1]).toBe(drawn.nodes[1]);
    expect(after.nodes[0]).toMatchObject({ x: 5, y: 6 });
  });

  it('removes the edges of a removed node with it', () => {
    const after = applyCommands(drawn, [{ kind: 'remove_node', id: 'b' }]);
    expect(after.nodes.map((one) => one.id)).toEqual(['a', 'c']);
    expect(after.edges).toEqual([]);
  });

  it('replaces only what an update names', () => {
    const after = applyCommands(drawn, [{ kind: 'update_node', id: 'a', config: { text: 'x' } }]);
    expect(after.nodes[0]).toEqual({ ...drawn.nodes[0], config: { text: 'x' } });
    const cleared = applyCommands(after, [{ kind: 'update_node', id: 'a', label: null }]);
    expect(cleared.nodes[0]?.config).toEqual({ text: 'x' });
  });

  it.each([
    [[{ kind: 'remove_node', id: 'zz' }], 0, 'There is no node “zz”.'],
    [
      [
        { kind: 'move_node', id: 'a', x: 0, y: 0 },
        { kind: 'remove_edge', id: 9 },
      ],
      1,
      'There is no edge 9.',
    ],
    [
      [{ kind: 'add_node', node: { ...(drawn.nodes[0] as GraphNode), config: {} } }],
      0,
      "Node with id 'a' already exists.",
    ],
  ] as [GraphCommand[], number, string][])('refuses %j at its index', (commands, index, message) => {
    expect(() => applyCommands(drawn, commands)).toThrow(expect.objectContaining({ index, message }));
  });

  it('does nothing for no commands', () => {
    expect(applyCommands(EMPTY_GRAPH, [])).toEqual(EMPTY_GRAPH);
  });
});

it('graphCommand accepts every command it describes and refuses malformed ids', () => {
  fc.assert(fc.property(command, (one) => graphCommand.safeParse(one).success));
  for (const bad of ['', '-a', 'a b', 'a.b', 'x'.repeat(65), '__proto__', 'é']) {
    expect(NODE_ID.test(bad), bad).toBe(false);
    expect(graphCommand.safeParse({ kind: 'remove_node', id: bad }).success).toBe(false);
  }
  expect(graphCommand.safeParse({ kind: 'move_node', id: 'a', x: Number.NaN, y: 0 }).success).toBe(false);
});
