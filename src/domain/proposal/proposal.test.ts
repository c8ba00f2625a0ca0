import { describe, expect, it } from 'vitest';
import { definitionOf } from '#nodes/definitions.ts';
import { applyCommands, type GraphCommand } from '../graph/command.ts';
import { DEFAULT_SETTINGS, type Graph } from '../graph/graph.ts';
import { acceptedCommands, changesIn, faultsOf, nodeKey } from './proposal.ts';

const node = (id: string, type: string, config = {}) => ({
  ...{ id, type, label: id, x: 0, y: 0, config, settings: DEFAULT_SETTINGS },
});
const edge = (id: number, source: string, sourcePort: string, target: string, targetPort: string) => ({
  ...{ id, source, sourcePort, target, targetPort, priority: 0 },
});
const graph: Graph = {
  nodes: [node('start', 'trigger_manual'), node('old', 'reply'), node('kept', 'reply')],
  edges: [edge(1, 'start', 'payload', 'old', 'input'), edge(2, 'start', 'payload', 'kept', 'input')],
};
/** Puts a Set node between start and kept, takes old away and changes kept. */
const commands: GraphCommand[] = [
  { kind: 'add_node', node: node('fresh', 'set') },
  { kind: 'remove_edge', id: 2 },
  { kind: 'add_edge', edge: edge(3, 'start', 'payload', 'fresh', 'input') },
  { kind: 'add_edge', edge: edge(4, 'fresh', 'output', 'kept', 'input') },
  { kind: 'remove_node', id: 'old' },
  { kind: 'update_node', id: 'kept', label: 'Answer' },
];

describe('a proposed change', () => {
  it('is told node by node, and by the edges between nodes that stay', () => {
    const told = changesIn(graph, commands).map(({ key, kind }) => `${kind} ${key}`);
    expect(told).toEqual(['changed node kept', 'added node fresh', 'removed node old', 'removed edge 2']);
  });

  it('takes the edges of a rejected node along', () => {
    const left = acceptedCommands(graph, commands, new Set([nodeKey('fresh')]));
    expect(left.map(({ kind }) => kind)).toEqual(['remove_edge', 'remove_node', 'update_node']);
    expect(applyCommands(graph, left).edges).toEqual([]);
  });

  it('leaves a node that is to stay with its edges', () => {
    const left = acceptedCommands(graph, commands, new Set([nodeKey('old')]));
    const after = applyCommands(graph, left);
    expect(after.nodes.map(({ id }) => id)).toContain('old');
    expect(after.edges.map(({ id }) => id)).toEqual([1, 3, 4]);
  });
});

describe('whether a change may be made', () => {
  it('is refused for faults it brings, not for those that are there', () => {
    const faulty: Graph = { nodes: [...graph.nodes, node('lost', 'agent')], edges: graph.edges };
    expect(faultsOf(faulty, commands, definitionOf)).toEqual([]);
    const wrong: GraphCommand = { kind: 'add_edge', edge: edge(9, 'start', 'payload', 'kept', 'status') };
    expect(faultsOf(graph, [wrong], definitionOf)).toEqual([expect.stringContaining('takes number')]);
    expect(faultsOf(graph, [{ kind: 'remove_edge', id: 77 }], definitionOf)).toEqual([
      'There is no edge 77.',
    ]);
  });

  it('asks for a trigger where there was nothing', () => {
    const empty: Graph = { nodes: [], edges: [] };
    const lone: GraphCommand = { kind: 'add_node', node: node('a', 'reply') };
    expect(faultsOf(empty, [lone], definitionOf).join()).toMatch(/Nothing starts this workflow/);
  });
});
