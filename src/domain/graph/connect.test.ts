import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type DefinitionOf, defineNode, type NodeDefinition } from '../node/definition.ts';
import { graphOf } from '../run/flow-fixture.ts';
import { firstFittingPorts, localRefusal, refusal } from './connect.ts';
import type { Connection, Graph, Port } from './graph.ts';
import { DATA_TYPES, flowBetween, type PortType, SLOT_TYPES } from './port-type.ts';

interface Sketch {
  readonly inputs?: Port[];
  readonly outputs?: Port[];
  readonly trigger?: 'manual';
}

/** A node type with just these ports. */
const typeOf = (type: string, { inputs = [], outputs = [], trigger }: Sketch): NodeDefinition =>
  defineNode({
    type,
    title: type,
    summary: type,
    icon: 'box',
    category: 'data',
    effect: 'pure',
    formatVersion: 1,
    config: z.object({}),
    ports: () => ({ inputs, outputs }),
    docs: '',
    ...(trigger && { trigger }),
  });

const port = (name: string, type: PortType, more: Partial<Port> = {}): Port => ({ name, type, ...more });
const TYPES: readonly NodeDefinition[] = [
  typeOf('start', { outputs: [port('payload', 'object'), port('text', 'string')], trigger: 'manual' }),
  typeOf('pass', { inputs: [port('input', 'any')], outputs: [port('output', 'any')] }),
  typeOf('length', { inputs: [port('list', 'array')], outputs: [port('count', 'number')] }),
  typeOf('speak', { inputs: [port('text', 'string')], outputs: [port('sound', 'file')] }),
  typeOf('model', { outputs: [port('model', 'model')] }),
  typeOf('agent', {
    inputs: [port('prompt', 'messages'), port('model', 'model'), port('tools', 'tool', { many: true })],
    outputs: [port('output', 'string')],
  }),
  typeOf('tool', { outputs: [port('tool', 'tool')] }),
];
const definitionOf: DefinitionOf = (type) => TYPES.find((one) => one.type === type);

const from = (text: string): Connection => {
  const edge = graphOf({}, [text]).edges[0];
  if (!edge) throw new Error(`“${text}” is no edge.`);
  const { source, sourcePort, target, targetPort } = edge;
  return { source, sourcePort, target, targetPort };
};
const check = (graph: Graph, text: string, ignore?: number) =>
  refusal(graph, from(text), definitionOf, ignore);

const graph = graphOf(
  {
    t: { type: 'start' },
    a: { type: 'pass', label: 'First' },
    b: { type: 'pass' },
    n: { type: 'length', label: 'Count items' },
    s: { type: 'speak' },
    m: { type: 'model' },
    m2: { type: 'model' },
    x: { type: 'tool' },
    y: { type: 'tool' },
    g: { type: 'agent' },
    r: { type: 'pass', settings: { onError: 'route' } },
    u: { type: 'from-the-future' },
  },
  ['t.payload > a.input', 'a.output > b.input', 'm.model > g.model', 'x.tool > g.tools'],
);

describe('refusal', () => {
  it.each([
    't.text > s.text',
    't.payload > b.input',
    'n.count > s.text',
    't.payload > s.text',
    't.text > g.prompt',
    'y.tool > g.tools',
    'r.error > b.input',
    'b.output > n.list',
  ])('welcomes %s', (edge) => {
    expect(check(graph, edge)).toBeNull();
  });

  it('names both nodes, both ports, both types and the way out', () => {
    expect(check(graph, 't.text > n.list')).toEqual({
      code: 'type',
      message:
        'Type mismatch: “t” (t) port text gives string, but “Count items” (n) port list takes array. ' +
        'Put a Code node in between that parses the text into array.',
    });
    expect(check(graph, 's.sound > n.list')?.message).toMatch(
      /gives file, .* takes array\. Put a Code or Set node/,
    );
    expect(check(graph, 's.sound > s.text')?.code).toBe('self');
    expect(check(graph, 'n.count > g.prompt')?.message).toMatch(/gives number, .* takes messages\./);
  });

  it.each([
    ['t.text > zz.input', 'unknown_node', /no node “zz”/],
    ['zz.output > a.input', 'unknown_node', /no node “zz”/],
    ['a.nope > b.input', 'unknown_port', /“First” \(a\) has no output port nope/],
    ['a.output > n.nope', 'unknown_port', /“Count items” \(n\) has no input port nope/],
    ['a.error > b.input', 'unknown_port', /no output port error/],
    ['a.output > u.input', 'unknown_port', /no input port input/],
    ['a.output > t.payload', 'trigger_input', /only starts a workflow; connect to a later node/],
    ['a.output > a.input', 'self', /“First” cannot feed itself/],
    ['a.output > b.input', 'duplicate', /already connected/],
    ['m2.model > g.model', 'slot_taken', /already has its model\. Remove that edge first/],
    ['m.model > a.input', 'plane', /Slots \(diamonds\) only take a part of their own kind/],
    ['m.model > g.tools', 'type', /gives model, .* takes tool/],
    ['b.output > a.input', 'cycle', /“First” already leads to “b”/],
  ])('refuses %s as %s', (edge, code, message) => {
    const found = check(graph, edge);
    expect(found?.code).toBe(code);
    expect(found?.message).toMatch(message);
  });

  it('leaves out the edge that is being re-drawn', () => {
    expect(check(graph, 'a.output > b.input', 2)).toBeNull();
    expect(check(graph, 'm2.model > g.model', 3)).toBeNull();
    // Turning the only edge between two nodes around makes no circle.
    expect(check(graph, 'b.output > a.input', 2)).toBeNull();
  });

  it('agrees with the compatibility table for every pair of types', () => {
    const all: readonly PortType[] = [...DATA_TYPES, ...SLOT_TYPES];
    for (const source of all) {
      for (const target of all) {
        const pair: DefinitionOf = (type) =>
          type === 'out'
            ? typeOf('out', { outputs: [port('o', source)] })
            : typeOf('in', { inputs: [port('i', target)] });
        const two = graphOf({ p: { type: 'out' }, q: { type: 'in' } }, []);
        const found = refusal(two, from('p.o > q.i'), pair);
        expect(found === null, `${source} → ${target}`).toBe(flowBetween(source, target) !== null);
        if (found) expect(found.message).toContain(`gives ${source}`);
      }
    }
  });
});

it('localRefusal says the same except about circles', () => {
  for (const edge of ['a.output > b.input', 't.text > n.list', 't.text > s.text', 'a.output > a.input']) {
    expect(localRefusal(graph, from(edge), definitionOf)).toEqual(check(graph, edge));
  }
  expect(localRefusal(graph, from('b.output > a.input'), definitionOf)).toBeNull();
});

describe('firstFittingPorts', () => {
  it('takes the first pair in declaration order that is welcome', () => {
    expect(firstFittingPorts(graph, { source: 't', target: 's' }, definitionOf)).toEqual(
      from('t.payload > s.text'),
    );
    expect(firstFittingPorts(graph, { source: 't', target: 'g' }, definitionOf)).toEqual(
      from('t.text > g.prompt'),
    );
    expect(firstFittingPorts(graph, { source: 'y', target: 'g' }, definitionOf)).toEqual(
      from('y.tool > g.tools'),
    );
  });

  it('gives a conversation rather than a text where the source has both', () => {
    const types: DefinitionOf = (type) =>
      type === 'chat'
        ? typeOf('chat', { outputs: [port('text', 'string'), port('said', 'messages')] })
        : typeOf('bot', {
            inputs: [port('hint', 'number'), port('talk', 'messages'), port('note', 'string')],
          });
    const two = graphOf({ p: { type: 'chat' }, q: { type: 'bot' } }, []);
    const ends = { source: 'p', target: 'q' };
    expect(firstFittingPorts(two, ends, types)).toEqual(from('p.said > q.talk'));
    expect(firstFittingPorts(two, { ...ends, sourcePort: 'text' }, types)).toEqual(from('p.text > q.talk'));
    expect(firstFittingPorts(two, { ...ends, targetPort: 'note' }, types)).toEqual(from('p.text > q.note'));
  });

  it('keeps to the ports that were named', () => {
    const ends = { source: 't', target: 's', sourcePort: 'text' };
    expect(firstFittingPorts(graph, ends, definitionOf)).toEqual(from('t.text > s.text'));
    expect(firstFittingPorts(graph, { ...ends, targetPort: 'nope' }, definitionOf)).toBeNull();
  });

  it('finds nothing between strangers', () => {
    expect(firstFittingPorts(graph, { source: 's', target: 'n' }, definitionOf)).toBeNull();
    expect(firstFittingPorts(graph, { source: 'zz', target: 'n' }, definitionOf)).toBeNull();
  });
});
