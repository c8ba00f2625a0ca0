import { afterAll, describe, expect, it } from 'vitest';
import {
  MissingValueError,
  TemplateLimitError,
  TemplateSyntaxError,
} from '#domain/expression/template-error.ts';
import { createTemplateRenderer } from './renderer.ts';
import { TemplateFailure } from './template-failure.ts';

const renderer = createTemplateRenderer({ workers: 2 });
afterAll(() => renderer.close());

const never = new AbortController().signal;
const context = {
  trigger: {
    body: { name: 'ann', n: 7, list: [1, { a: 2 }], none: null, evil: '{{ 7 | times: 6 }}{% raw %}' },
  },
  nodes: { agent_1: { output: { text: 'hi' } }, 'any id': { out: [3] } },
  inputs: {},
};

function render(
  value: unknown,
  missing: 'error' | 'empty' = 'error',
  data: Record<string, unknown> = context,
) {
  return renderer.render(value, data, { missing }, never);
}

describe('a configuration', () => {
  it('is rendered in every text of it, types kept for whole references', async () => {
    const config = {
      url: 'http://x/{{ trigger.body.n }}',
      body: {
        items: ['{{ trigger.body.list }}', '{{ agent_1.output.text | upcase }}'],
        keep: [1, null, true, 'plain'],
      },
      '{{ key }}': '{{ nodes["any id"].out }}',
    };
    const copy = structuredClone(config);
    expect(await render(config)).toEqual({
      url: 'http://x/7',
      body: { items: [[1, { a: 2 }], 'HI'], keep: [1, null, true, 'plain'] },
      '{{ key }}': [3],
    });
    expect(config).toEqual(copy);
  });

  it('is rendered at once unless it holds Liquid', () => {
    const options = { missing: 'error' } as const;
    expect(renderer.renderSync({ a: ['{{ trigger.body.n }}'] }, context, options)).toEqual({ a: [7] });
    expect(renderer.renderSync({ a: '{{ trigger.body.n | plus: 1 }}' }, context, options)).toBeUndefined();
  });

  it('cannot multiply one value without end', async () => {
    const data = { trigger: { big: Array.from({ length: 1_000 }, () => 'x'.repeat(1_000)) } };
    await expect(render(Array(1_000).fill('{{ trigger.big }}'), 'error', data)).rejects.toThrow(
      TemplateLimitError,
    );
    await expect(render('x{{ trigger.big }}'.repeat(1_000), 'error', data)).rejects.toThrow(
      TemplateLimitError,
    );
  });
});

describe('Liquid', () => {
  it.each<[string, string]>([
    ['{{ trigger.body.name | capitalize }}!', 'Ann!'],
    ['{% if trigger.body.n > 5 %}big{% else %}small{% endif %}', 'big'],
    ['{% for x in trigger.body.list %}[{{ x }}]{% endfor %}', '[1][{"a":2}]'],
    ['{{ trigger.body.list | json }}', '[1,{"a":2}]'],
    ['{{ trigger.body.missing | default: "none" }}', 'none'],
    ['{% if trigger.body.missing %}yes{% endif %}no', 'no'],
    ['{{ trigger.body.none | append: "x" }}', 'x'],
    ['{{ trigger.body.n | plus: 1 }}', '8'],
    ['{% assign trigger = trigger.body %}{{ trigger.name }}', 'ann'],
    ['{% assign k = "any id" %}{{ nodes[k].out[0] }}', '3'],
    ['{{ 0 | date: "%Y-%m-%d %H:%M" }}', '1970-01-01 00:00'],
    ['{% raw %}{{ x }}{% endraw %}', '{{ x }}'],
  ])('%s gives the text %j', async (template, text) => {
    expect(await render(template)).toBe(text);
  });

  it('never renders data again', async () => {
    expect(await render('{{ trigger.body.evil }}')).toBe('{{ 7 | times: 6 }}{% raw %}');
    expect(await render('{{ trigger.body.evil | append: "" }}')).toBe('{{ 7 | times: 6 }}{% raw %}');
    const both = { a: '{{ trigger.body.evil | append: "" }}', b: '{{ trigger.body.evil }}' };
    expect(await render(both)).toEqual({
      a: '{{ 7 | times: 6 }}{% raw %}',
      b: '{{ 7 | times: 6 }}{% raw %}',
    });
  });

  it('names the missing expression, or leaves it empty where that is wanted', async () => {
    const template = 'x{{ trigger.body.nmae | upcase }}';
    const error = await render(template).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MissingValueError);
    expect(error).toMatchObject({
      expression: 'trigger.body.nmae',
      message: expect.stringContaining('“name”'),
    });
    expect(await render(template, 'empty')).toBe('x');
    await expect(render('{{ nobody.out | upcase }}')).rejects.toThrow(/nobody/);
  });

  it.each([
    ['{{ trigger | nofilter }}', /undefined filter: nofilter/],
    ['{% if %}', /cannot be rendered/],
    ['{% for x in trigger.body.list %}', /not closed/],
    ['{% include "a" %}', /tag "include" not found/],
    ['{% render "a" %}', /tag "render" not found/],
    ['{% layout "a" %}', /tag "layout" not found/],
    ['{{ trigger.body.list | where_exp: "x", "x > 1" }}', /undefined filter: where_exp/],
    ['{{ "a" | raw }}', /undefined filter: raw/],
  ])('%s fails with the reason', async (template, reason) => {
    await expect(render(template)).rejects.toThrow(TemplateFailure);
    await expect(render(template)).rejects.toThrow(reason);
  });

  it('refuses what is not closed, with its place', async () => {
    await expect(render({ a: ['ok', 'x {{ y'] })).rejects.toThrow(TemplateSyntaxError);
    await expect(render('x {{ y')).rejects.toThrow(/line 1, column 3/);
  });
});

describe('the host', () => {
  it.each([
    'trigger.constructor',
    'trigger.__proto__',
    'trigger.constructor.constructor',
    'trigger.body.list.constructor',
    'trigger.body.name.constructor',
    'trigger.toString',
    'trigger["constructor"]["prototype"]',
    'constructor',
    '__proto__',
    'process',
    'globalThis',
  ])('cannot be reached through %s', async (path) => {
    expect(await render(`{{ ${path} }}|{{ ${path} | json }}`, 'empty')).toMatch(/^\|(null)?$/);
    await expect(render(`{{ ${path} }}`)).rejects.toThrow(MissingValueError);
    await expect(render(`{{ ${path} | upcase }}`)).rejects.toThrow(MissingValueError);
  });

  it('is not called through a function in the data', async () => {
    let calls = 0;
    const data = { trigger: { f: () => ++calls } };
    expect(await render('{{ trigger.f }}|{{ trigger.f | upcase }}', 'empty', data)).toBe('|');
    expect(await render('{{ trigger.f }}', 'empty', data)).toBe('');
    expect(calls).toBe(0);
  });
});

/** Longest time the event loop did not come round while `work` was under way, in milliseconds. */
async function worstLag(work: Promise<unknown>): Promise<number> {
  let worst = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last - 5);
    last = now;
  }, 5);
  await work;
  clearInterval(timer);
  return worst;
}

describe('an attack', () => {
  it.each([
    ['an empty endless loop', '{% for i in (1..1000000000) %}{% endfor %}'],
    ['nested loops', '{% for i in (1..99999) %}{% for j in (1..99999) %}x{% endfor %}{% endfor %}'],
    [
      'doubling by append',
      '{% assign s = "xxxxxxxxxx" %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}',
    ],
    [
      'growth by replace',
      '{% assign s = "aaaaaaaaaa" %}{% for i in (1..20) %}{% assign s = s | replace: "a", s %}{% endfor %}',
    ],
    ['padding', '{{ 0 | date: "%999999999d" }}'],
    [
      'doubling by concat',
      '{% assign a = "a,b" | split: "," %}{% for i in (1..60) %}{% assign a = a | concat: a %}{% endfor %}',
    ],
    ['large values over and over', '{% for i in (1..99999) %}{{ trigger.big | json }}{% endfor %}'],
    [
      'captures of captures',
      '{% for i in (1..99999) %}{% capture x %}{{ x }}{{ trigger.big }}{% endcapture %}{% endfor %}',
    ],
    ['deep blocks', '{% if 1 %}'.repeat(8_000) + '{% endif %}'.repeat(8_000)],
    ['deep indexes', `{{ ${'a['.repeat(20_000)}${']'.repeat(20_000)} }}`],
  ])('by %s ends soon and does not hold up the server', async (_name, template) => {
    const data = { trigger: { big: 'y'.repeat(100_000) } };
    let leastLag = Number.POSITIVE_INFINITY;
    // A busy machine delays a timer now and then; what the attack itself causes would show every time.
    for (let i = 0; i < 3 && leastLag >= 50; i++) {
      const began = performance.now();
      const attack = render(template, 'empty', data).catch((error: unknown) => error);
      leastLag = Math.min(leastLag, await worstLag(attack));
      expect(await attack).toBeInstanceOf(TemplateFailure);
      expect(performance.now() - began).toBeLessThan(2_000);
    }
    expect(leastLag).toBeLessThan(50);
    expect(await render('{{ trigger.body.n | plus: 1 }}')).toBe('8');
  });

  const slow = '{% for i in (1..99999) %}{% for j in (1..99999) %}x{% endfor %}{% endfor %}';

  it('does not spoil the template beside it', async () => {
    const attack = expect(render(slow)).rejects.toMatchObject({ code: 'template_limit' });
    expect(await render('{{ trigger.body.n | plus: 1 }}')).toBe('8');
    await attack;
  });

  it('can be aborted', async () => {
    const stop = new AbortController();
    const attack = renderer.render(slow, context, { missing: 'empty' }, stop.signal);
    stop.abort();
    await expect(attack).rejects.toMatchObject({ code: 'aborted' });
  });
});
