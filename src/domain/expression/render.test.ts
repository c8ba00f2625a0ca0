import { describe, expect, it } from 'vitest';
import { RenderBudget } from './budget.ts';
import { renderSimple } from './render.ts';
import { resolvePath } from './resolve.ts';
import { parseTemplate } from './template.ts';
import { MissingValueError, TemplateLimitError } from './template-error.ts';

const context = {
  trigger: {
    body: { name: 'Ann', n: 7, ok: false, none: null, list: ['a', { b: 1 }], evil: '{{ 7 | times: 6 }}' },
  },
  nodes: {
    agent_1: { output: { deep: [1, 2] } },
    'any id': { output: 'odd' },
    trigger: { output: 'hidden' },
  },
  inputs: { value: 1.5 },
};
const render = (source: string, missing?: 'error' | 'empty') =>
  renderSimple(parseTemplate(source), context, missing ? { missing } : {});

describe('renderSimple', () => {
  it.each<[string, unknown]>([
    ['{{ trigger.body.n }}', 7],
    ['{{ trigger.body.ok }}', false],
    ['{{ trigger.body.none }}', null],
    ['{{ trigger.body.list }}', ['a', { b: 1 }]],
    ['{{ agent_1.output }}', { deep: [1, 2] }],
    ['{{ nodes["any id"].output }}', 'odd'],
    ['{{ trigger.body.list[1].b }}', 1],
    ['{{ trigger.body.list.size }}', 2],
    ['{{ trigger.body.list.last }}', { b: 1 }],
  ])('gives the value itself for the whole reference %s', (source, value) => {
    expect(render(source)).toEqual(value);
    expect(render(source, 'empty')).toEqual(value);
  });

  it('writes values into text: objects as JSON, null as nothing', () => {
    expect(
      render('Hi {{ trigger.body.name }}, {{ trigger.body.list }} {{trigger.body.none}}{{inputs.value}}!'),
    ).toBe('Hi Ann, ["a",{"b":1}] 1.5!');
  });

  it('never renders data again', () => {
    expect(render('{{ trigger.body.evil }}')).toBe('{{ 7 | times: 6 }}');
    expect(render('<{{ trigger.body.evil }}>')).toBe('<{{ 7 | times: 6 }}>');
  });

  it('lets a root of the context win over a node of the same name', () => {
    expect(render('{{ nodes.trigger.output }}')).toBe('hidden');
    expect(() => render('{{ trigger.output }}')).toThrow(MissingValueError);
  });

  it.each([
    ['{{ trigger.body.nmae }}', 'trigger.body has no “nmae”. Did you mean “name”?'],
    ['{{ agent_2.output }}', 'nothing is called “agent_2” here. Did you mean “agent_1”?'],
    ['{{ trigger.body.list[9] }}', 'trigger.body.list is a list of 2, it has no “9”.'],
    ['{{ trigger.body.none.x }}', 'trigger.body.none is null, so it has no “x”.'],
    ['a {{ trigger.body.n.x }}', 'trigger.body.n is a number, it has no “x”.'],
  ])('names the missing expression %s and why', (source, reason) => {
    const expression = source.replace(/^.*{{ | }}$/g, '');
    expect(() => render(source)).toThrow(`{{ ${expression} }} has no value: ${reason}`);
    expect(() => render(source)).toThrow(MissingValueError);
  });

  it('puts empty text where the policy says so', () => {
    expect(render('{{ trigger.nope.at.all }}', 'empty')).toBe('');
    expect(render('<{{ trigger.nope }}>', 'empty')).toBe('<>');
  });
});

describe('a budget', () => {
  it.each(['{{ a }}{{ a }}{{ a }}', 'x{{ a }}{{ a }}{{ a }}'])('ends %s before it grows', (source) => {
    const big = { a: { list: Array.from({ length: 1_000 }, () => 'x'.repeat(1_000)) } };
    const budget = new RenderBudget(2_500_000);
    expect(() => renderSimple(parseTemplate(source), big, { budget })).toThrow(TemplateLimitError);
  });

  it('is shared by the whole references of a rendering', () => {
    const budget = new RenderBudget(2_500);
    const template = parseTemplate('{{ a }}');
    const render = () => renderSimple(template, { a: { b: 'x'.repeat(1_000) } }, { budget });
    expect([render(), render()]).toHaveLength(2);
    expect(render).toThrow(TemplateLimitError);
  });
});

describe('resolvePath', () => {
  it.each([
    ['trigger', '__proto__'],
    ['trigger', 'constructor'],
    ['trigger', 'constructor', 'constructor'],
    ['constructor'],
    ['__proto__'],
    ['toString'],
    ['trigger', 'body', 'name', 'trim'],
    ['trigger', 'body', 'list', 'map'],
    ['trigger', 'body', 'list', '__proto__'],
    ['nodes', 'hasOwnProperty'],
  ])('finds nothing inherited at %s', (...path) => {
    expect(resolvePath(context, path)).toBeUndefined();
  });

  it('never gives out a function', () => {
    expect(resolvePath({ a: { f: () => 1 } }, ['a', 'f'])).toBeUndefined();
  });

  it('reads an own key even when its name is an inherited one', () => {
    expect(resolvePath({ a: JSON.parse('{"__proto__": 1, "constructor": 2}') }, ['a', 'constructor'])).toBe(
      2,
    );
  });
});
