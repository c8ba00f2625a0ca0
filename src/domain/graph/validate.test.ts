import { describe, expect, it } from 'vitest';
import { definitionOf } from '#nodes/definitions.ts';
import { graphOf } from '../run/flow-fixture.ts';
import type { Graph } from './graph.ts';
import { type Problem, problemsOnPath, validateGraph } from './validate.ts';

const problems = (graph: Graph): Problem[] => validateGraph(graph, definitionOf);
const only = (graph: Graph): Problem => {
  const found = problems(graph);
  expect(found).toHaveLength(1);
  return found[0] as Problem;
};
const start = { start: { type: 'trigger_manual' } };
const text = (value: string, label?: string) => ({
  type: 'set',
  config: { mode: 'text', text: value },
  ...(label && { label }),
});

it('finds nothing wrong with a whole workflow', () => {
  const graph = graphOf(
    {
      hook: { type: 'trigger_webhook', config: { auth: 'hmac' } },
      pick: {
        type: 'switch',
        config: { rules: [{ id: 'large', left: '{{ trigger.body.amount }}', operator: 'gt', value: 10 }] },
      },
      call: { type: 'http_request', config: { url: 'https://x.test/{{ hook.query.page }}' } },
      join: { type: 'merge' },
      answer: { type: 'reply', config: { status: '{{ call.response.status }}', body: '{{ join.merged }}' } },
    },
    [
      'hook.body > pick.input',
      'pick.large > call.input',
      'call.body > join.branches',
      'pick.route > join.branches',
      'join.merged > answer.input',
    ],
  );
  expect(problems(graph)).toEqual([]);
});

describe('graph', () => {
  it('needs a trigger', () => {
    expect(only(graphOf({ a: text('x') }, []))).toEqual({
      level: 'error',
      code: 'no_trigger',
      message: 'Nothing starts this workflow. Add a trigger and connect it to the first node.',
    });
    expect(only(graphOf({}, [])).code).toBe('no_trigger');
  });

  it('warns of nodes that never run', () => {
    const graph = graphOf({ ...start, a: text('x', 'Lonely'), b: text('y') }, ['a.output > b.input']);
    expect(problems(graph).map(({ level, code, nodeId }) => [level, code, nodeId])).toEqual([
      ['warning', 'unreachable', 'a'],
      ['warning', 'unreachable', 'b'],
    ]);
    expect(problems(graph)[0]?.message).toContain('“Lonely” (a) never runs');
  });

  it('tells of a circle once, naming the nodes on it', () => {
    const graph = graphOf({ ...start, a: text('x'), b: text('y'), c: text('z') }, [
      'start.payload > a.input',
      'a.output > b.input',
      'b.output > a.input',
      'b.output > c.input',
    ]);
    expect(only(graph)).toMatchObject({
      code: 'cycle',
      nodeId: 'a',
      message: 'These nodes run in a circle: “a” (a), “b” (b). Remove one of the edges between them.',
    });
    const self = graphOf({ ...start, a: text('x') }, ['start.payload > a.input', 'a.output > a.input']);
    expect(only(self)).toMatchObject({ code: 'self', edgeId: 2 });
  });

  it('looks at a thousand nodes with templates in well under a second', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `n${index}`);
    const nodes = Object.fromEntries(
      ids.map((id, index) => [id, text(index === 0 ? '' : `{{ n${index - 1}.output }} {{ n0.output }}`)]),
    );
    const edges = ids.map((id, index) =>
      index === 0 ? `start.payload > ${id}.input` : `n${index - 1}.output > ${id}.input`,
    );
    const graph = graphOf({ ...start, ...nodes }, edges);
    const began = performance.now();
    expect(problems(graph)).toEqual([]);
    expect(performance.now() - began).toBeLessThan(3000);
  });
});

describe('nodes', () => {
  it('must be of a known type', () => {
    const graph = graphOf({ ...start, a: { type: 'teleport', label: 'Beam' } }, ['start.payload > a.input']);
    expect(only(graph)).toMatchObject({
      level: 'error',
      code: 'unknown_type',
      nodeId: 'a',
      message: '“Beam” (a) has the unknown type teleport. Remove or replace it.',
    });
  });

  it('must be configured; each field is told once', () => {
    const graph = graphOf(
      { ...start, call: { type: 'http_request', label: 'Call', config: { method: 'FETCH' } } },
      ['start.payload > call.input'],
    );
    const found = problems(graph);
    expect(found.map(({ code, nodeId, field }) => [code, nodeId, field])).toEqual([
      ['config_invalid', 'call', 'method'],
      ['config_invalid', 'call', 'url'],
    ]);
    expect(found[1]?.message).toBe('“Call” (call): url — Enter the address to call.');
  });

  it('may fill any field by a template, except those that are never rendered', () => {
    const filled = graphOf({ ...start, w: { type: 'wait', config: { duration: '{{ trigger.n }}' } } }, [
      'start.payload > w.input',
    ]);
    expect(problems(filled)).toEqual([]);
    const code = graphOf(
      { ...start, c: { type: 'code', config: { code: `{{ no.such }}${'x'.repeat(200_000)}` } } },
      ['start.payload > c.input'],
    );
    expect(only(code)).toMatchObject({ code: 'config_invalid', field: 'code' });
  });

  it('need their required inputs', () => {
    expect(
      problems(graphOf({ ...start, m: { type: 'merge', label: 'Join' } }, [])).map((one) => one.message),
    ).toEqual([
      '“Join” (m) never runs: no trigger leads to it. Connect it or delete it.',
      '“Join” (m) needs its input port branches (any), but no edge ends there. Connect one.',
    ]);
  });
});

describe('templates', () => {
  const chain = (value: string) =>
    graphOf({ ...start, a: text('x', 'First'), b: text(value), side: text('y', 'Side') }, [
      'start.payload > a.input',
      'a.output > b.input',
      'start.payload > side.input',
    ]);

  it.each([
    [
      '{{ a.output }} {{ nodes["a"].output }} {{ trigger.whatever }} {{ inputs.input }} {{ start.payload.x }}',
    ],
    ['{{ a.output | upcase }}{% for x in a.output %}{{ x }}{% endfor %}'],
    ['no template at all }}'],
  ])('accepts %s', (value) => {
    expect(problems(chain(value))).toEqual([]);
  });

  it.each([
    ['{{ b.output }}', 'warning', 'not_upstream', /A node cannot read its own output/],
    ['{{ side.output }}', 'warning', 'not_upstream', /“Side” \(side\) does not lead here/],
    ['{{ zz.output }}', 'error', 'unknown_reference', /\{\{ zz\.output \}\}: No node called “zz”/],
    [
      '{{ a.outptu }}',
      'error',
      'unknown_reference',
      /Node “a” has no output “outptu”\. Did you mean “output”/,
    ],
    ['{{ a.output', 'error', 'template_syntax', /never closed/],
  ])('%s is a %s', (value, level, code, message) => {
    const found = only(chain(value));
    expect(found).toMatchObject({ level, code, nodeId: 'b', field: 'text' });
    expect(found.message).toMatch(message);
    expect(found.message).toMatch(/^“b” \(b\): text — /);
  });

  it('are found deep inside a config', () => {
    const rules = [{ id: 'r', left: '{{ nope.output }}' }];
    const graph = graphOf({ ...start, s: { type: 'switch', config: { rules } } }, [
      'start.payload > s.input',
    ]);
    expect(only(graph)).toMatchObject({ code: 'unknown_reference', field: 'rules.0.left' });
  });
});

describe('edges', () => {
  it('must have nodes at both ends', () => {
    const graph = graphOf(start, ['zz.output > start.payload', 'start.payload > yy.input']);
    expect(problems(graph).map(({ message, edgeId }) => [message, edgeId])).toEqual([
      ["Edge references unknown source node 'zz'", 1],
      ["Edge references unknown target node 'yy'", 2],
    ]);
  });

  it('say what refusal says, with both ids before it', () => {
    const graph = graphOf(
      {
        hook: { type: 'trigger_webhook', config: { auth: 'hmac' } },
        answer: { type: 'reply', label: 'Answer' },
      },
      ['hook.body > answer.input', 'hook.method > answer.status'],
    );
    expect(only(graph)).toEqual({
      level: 'error',
      code: 'type',
      edgeId: 2,
      message:
        'Edge hook → answer: Type mismatch: “hook” (hook) port method gives string, but “Answer” (answer) port status ' +
        'takes number. Put a Code node in between that parses the text into number.',
    });
  });

  it('lose their port when a rule is removed', () => {
    const graph = graphOf({ ...start, s: { type: 'switch' }, a: text('x') }, [
      'start.payload > s.input',
      's.gone > a.input',
    ]);
    expect(only(graph)).toMatchObject({ code: 'unknown_port', edgeId: 2 });
  });

  it('warn where an object becomes text', () => {
    const speaker = {
      ...(definitionOf('wait') as NonNullable<ReturnType<typeof definitionOf>>),
      ports: () => ({ inputs: [{ name: 'text', type: 'string' as const }], outputs: [] }),
    };
    const graph = graphOf({ ...start, say: { type: 'speak' } }, ['start.payload > say.text']);
    const found = validateGraph(graph, (type) => (type === 'speak' ? speaker : definitionOf(type)));
    expect(found).toMatchObject([{ level: 'warning', code: 'lossy', edgeId: 1 }]);
    expect(found[0]?.message).toContain('port payload gives object, “say” (say) port text takes string');
  });
});

describe('problemsOnPath', () => {
  const graph = graphOf(
    {
      one: { type: 'trigger_manual' },
      two: { type: 'trigger_manual' },
      good: text('x'),
      bad: { type: 'http_request' },
    },
    [
      'one.payload > good.input',
      'two.payload > bad.input',
      'two.payload > gone.input',
      'lost.output > good.input',
    ],
  );
  const codes = (trigger: string) =>
    problemsOnPath(problems(graph), graph, trigger, definitionOf).map(({ code, edgeId, nodeId }) => [
      code,
      edgeId ?? nodeId,
    ]);

  it('keeps the errors a run from that trigger would meet', () => {
    expect(codes('two')).toEqual([
      ['config_invalid', 'bad'],
      ['unknown_node', 3],
    ]);
    expect(codes('one')).toEqual([['unknown_node', 4]]);
  });

  it('never lets a warning refuse a run, and always the lack of a trigger', () => {
    const warned = graphOf({ ...start, a: text('{{ b.output }}'), b: text('x') }, [
      'start.payload > a.input',
      'start.payload > b.input',
    ]);
    expect(problems(warned)).toHaveLength(1);
    expect(problemsOnPath(problems(warned), warned, 'start', definitionOf)).toEqual([]);
    const none = graphOf({ a: text('x') }, []);
    expect(problemsOnPath(problems(none), none, 'a', definitionOf)).toHaveLength(1);
  });
});
