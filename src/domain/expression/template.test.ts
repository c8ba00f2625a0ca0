import { describe, expect, it } from 'vitest';
import { isTemplate, isWholeReference, parseTemplate, referencesOf } from './template.ts';
import { TemplateSyntaxError } from './template-error.ts';

const paths = (source: string) => referencesOf(parseTemplate(source)).map((reference) => reference.path);

describe('parseTemplate', () => {
  it('reads a path of names, indexes and quoted keys', () => {
    expect(referencesOf(parseTemplate(`x {{ a.b[0]["c d"]['e'].2 }}`))).toEqual([
      { path: ['a', 'b', 0, 'c d', 'e', 2], text: `a.b[0]["c d"]['e'].2`, from: 2, to: 28 },
    ]);
  });

  it('keeps text around references, braces that open nothing included', () => {
    const template = parseTemplate('{"a": {"b": "{{ x }}"}} } 100%} {');
    expect(template.liquid).toBe(false);
    expect(template.parts.map((part) => (part.kind === 'text' ? part.text : '<ref>'))).toEqual([
      '{"a": {"b": "',
      '<ref>',
      '"}} } 100%} {',
    ]);
  });

  it.each([
    '{{ a | upcase }}',
    '{% if a %}b{% endif %}',
    '{{ a[b] }}',
    '{{ a[-1] }}',
    '{{ "text" }}',
    '{{ 7 | times: 6 }}',
    '{{ true }}',
    '{{- a -}}',
    '{{ a b }}',
    '{% assign a = 1 %}{{ a }}',
  ])('marks %s as Liquid', (source) => {
    expect(parseTemplate(source).liquid).toBe(true);
  });

  it('knows when the whole template is one reference', () => {
    expect(isWholeReference(parseTemplate('{{ a.b }}'))).toBe(true);
    expect(isWholeReference(parseTemplate(' {{ a.b }}'))).toBe(false);
    expect(isWholeReference(parseTemplate('{{ a }}{{ b }}'))).toBe(false);
    expect(isWholeReference(parseTemplate('{{ a | json }}'))).toBe(false);
  });

  it('does not end an expression at braces inside quotes', () => {
    expect(paths('{{ a["}}"] }}')).toEqual([['a', '}}']]);
  });

  it.each([
    ['hello {{ name', 6, 'line 1, column 7 is never closed'],
    ['a\nb {% if x', 4, 'line 2, column 3 is never closed'],
    ['{{ }}', 0, 'is empty'],
    ['{% raw %}{{ x }}', 0, 'endraw'],
    ['{{ "a }}', 0, 'never closed'],
  ])('refuses %j and says where', (source, position, words) => {
    const parse = () => parseTemplate(source);
    expect(parse).toThrow(TemplateSyntaxError);
    expect(parse).toThrow(expect.objectContaining({ position, message: expect.stringContaining(words) }));
  });

  it('tells template syntax from plain text', () => {
    expect([isTemplate('a {b} %'), isTemplate('{{'), isTemplate('{% x')]).toEqual([false, true, true]);
  });
});

describe('referencesOf a Liquid template', () => {
  it.each<[string, (string | number)[][]]>([
    ['{{ a.b | append: c["d e"], "x.y" | default: f }}', [['a', 'b'], ['c', 'd e'], ['f']]],
    ['{% if a.b == "q" and c contains d %}{{ e }}{% endif %}', [['a', 'b'], ['c'], ['d'], ['e']]],
    ['{% for i in a.items limit: 2 %}{{ i.x }}{{ forloop.index }}{% endfor %}', [['a', 'items']]],
    ['{% assign n = a.b %}{{ n | plus: m }}', [['a', 'b'], ['m']]],
    ['{% raw %}{{ a }}{% endraw %}{% comment %}{{ b }}{% endcomment %}{{ c }}', [['c']]],
    ['{{ a[b.c].d }}', [['a'], ['b', 'c']]],
    ['{% # a note %}{{ c }}', [['c']]],
    ['{%- assign trigger = trigger.body -%}{{ trigger.x }}', [['trigger', 'body']]],
    ['{% liquid\n assign q = a.b\n echo q %}', [['a', 'b']]],
  ])('of %s', (source, expected) => {
    expect(paths(source)).toEqual(expected);
  });

  it('gives offsets that cut the reference out of the source', () => {
    const source = '{% if one.two %}{{ three | upcase }}{{ four }}{% endif %}';
    expect(referencesOf(parseTemplate(source)).map(({ from, to }) => source.slice(from, to))).toEqual([
      'one.two',
      'three',
      '{{ four }}',
    ]);
  });
});
