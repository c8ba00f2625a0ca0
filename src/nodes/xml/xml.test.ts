import { describe, expect, it } from 'vitest';
import { cpuClock, outputsOf, portsText, refusalsOf, runChain } from '#domain/node/step-fixture.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = async (config: Record<string, unknown>, input: unknown) =>
  (await outputsOf(definition, execute, { config, inputs: { input } }))['output'];
const format = (input: unknown, more = {}) => run({ mode: 'format', declaration: false, ...more }, input);

describe('parse', () => {
  it.each([
    [
      {},
      '<?xml version="1.0"?><order id="7"><line>a</line><line>b</line><note/></order>',
      { order: { '@id': '7', line: ['a', 'b'], note: '' } },
    ],
    [{}, '<a>\n  <b> 1 </b>\n</a>', { a: { b: '1' } }],
    [{ trim: false }, '<a>\n  <b> 1 </b>\n</a>', { a: { b: ' 1 ' } }],
    [{}, '<a x="1">text</a>', { a: { '@x': '1', '#text': 'text' } }],
    [{}, '<a>one <b>x</b> two</a>', { a: { b: 'x', '#text': 'one  two' } }],
    [{ lists: ['b'] }, '<a><b>1</b><c>2</c></a>', { a: { b: ['1'], c: '2' } }],
    [{ lists: ['r'] }, '<r>1</r>', { r: ['1'] }],
    [{}, '<n:a xmlns:n="u" n:x="1"/>', { 'n:a': { '@xmlns:n': 'u', '@n:x': '1' } }],
    [{ namespaces: 'drop' }, '<n:a n:x="1"><n:b>2</n:b></n:a>', { a: { '@x': '1', b: '2' } }],
    [{}, '<a>007</a>', { a: '007' }],
    [{}, '<a>true</a>', { a: 'true' }],
    [
      {},
      '<!-- <!DOCTYPE x> --><a><![CDATA[<!DOCTYPE html> &amp; <b>]]></a>',
      { a: '<!DOCTYPE html> &amp; <b>' },
    ],
    [{}, '\uFEFF<a/>', { a: '' }],
    [{ field: 'body' }, { body: '<a>1</a>' }, { a: '1' }],
  ])('%j of %j', async (config, input, expected) => {
    expect(await run(config, input)).toEqual(expected);
  });

  it.each([
    ['&lt;&gt;&amp;&quot;&apos;', '<>&"\''],
    ['&#65;&#x42;&#x1F600;', 'AB😀'],
    ['&amp;lt;', '&lt;'],
    ['&nbsp;&#0;&#xD800;&#9999999;', '&nbsp;&#0;&#xD800;&#9999999;'],
  ])('reads the entities %j in texts and attributes', async (written, meant) => {
    expect(await run({}, `<a x="${written}">${written}</a>`)).toEqual({ a: { '@x': meant, '#text': meant } });
  });

  it.each([
    ['', 'bad_xml', 'Start tag expected'],
    ['text', 'bad_xml', 'Line 1, column 1'],
    ['<a>\n<b></a>', 'bad_xml', 'Line 2'],
    ['<a/><b/>', 'bad_xml', 'exactly one root'],
    ['<a/><a/>', 'bad_xml', 'exactly one root'],
    ['<a x="1" x="2"/>', 'bad_xml', 'repeated'],
    ['<!DOCTYPE a><a/>', 'unsafe_xml', 'DOCTYPE'],
    ['<!doctype a><a/>', 'unsafe_xml', 'DOCTYPE'],
    ['<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'unsafe_xml', 'DOCTYPE'],
    ['<!-- x --><!DOCTYPE a [<!ENTITY l "l"><!ENTITY m "&l;&l;">]><a>&m;</a>', 'unsafe_xml', 'DOCTYPE'],
    [{ a: 1 }, 'not_text', 'it is an object'],
  ])('refuses %j', async (input, code, message) => {
    await expect(run({}, input)).rejects.toMatchObject({
      code,
      permanent: true,
      message: expect.stringContaining(message),
    });
  });

  it('refuses what is nested too deeply', async () => {
    const levels = 10_000;
    await expect(run({}, '<a>'.repeat(levels) + '</a>'.repeat(levels))).rejects.toMatchObject({
      code: 'bad_xml',
      message: expect.stringContaining('nested'),
    });
  });

  it.each(['<a><__proto__>1</__proto__></a>', '<a __proto__="x"/>', '<constructor>1</constructor>'])(
    'cannot be led to change what objects inherit: %s',
    async (text) => {
      const value = await run({}, text).catch(() => ({}));
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  );
});

describe('format', () => {
  it.each([
    [{ a: { '@x': '1"<&', '#text': 't & <' } }, '<a x="1&quot;&lt;&amp;">t &amp; &lt;</a>'],
    [{ a: { b: [1, true, 'x'], c: '' } }, '<a><b>1</b><b>true</b><b>x</b><c></c></a>'],
    [{ 'n:a': 'ä' }, '<n:a>ä</n:a>'],
    [{ a: ']]>' }, '<a>]]&gt;</a>'],
  ])('%j', async (value, expected) => {
    expect(await format(value)).toBe(expected);
  });

  it('puts a root around it, indents and declares when asked', async () => {
    expect(await format({ b: 1, c: 2 }, { root: 'a' })).toBe('<a><b>1</b><c>2</c></a>');
    expect(await format('x', { root: 'a', declaration: true })).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><a>x</a>',
    );
    expect(await format({ a: { b: 1 } }, { indent: true })).toBe('<a>\n  <b>1</b>\n</a>\n');
  });

  it.each([
    [{ a: 1, b: 2 }, 'an object with 2 keys arrived'],
    [{}, 'an object with 0 keys arrived'],
    [{ a: [1, 2] }, 'a list arrived'],
    ['text', 'text arrived'],
    [null, 'nothing arrived'],
    [{ a: { 'b c': 1 } }, 'At “a.b c”: “b c” cannot be a name'],
    [{ 'x><y': 1 }, 'cannot be a name'],
    [{ a: { '@': 1 } }, 'cannot be a name'],
    [{ a: { '@x': { y: 1 } } }, '“@x” takes a text or a number, not an object'],
    [{ a: { '#text': [1] } }, '“#text” takes a text or a number, not a list'],
    [{ a: { b: ['ok', 'b\u0000'] } }, 'At “a.b.1”: The text holds a control character'],
  ])('refuses %j', async (value, message) => {
    await expect(format(value)).rejects.toMatchObject({
      code: 'bad_element',
      permanent: true,
      message: expect.stringContaining(message),
    });
  });

  it('refuses what is nested too deeply', async () => {
    let value: unknown = 'x';
    for (let level = 0; level < 300; level += 1) value = { a: value };
    await expect(format(value)).rejects.toMatchObject({ code: 'bad_element' });
  });

  it('writes what reads back as it was', async () => {
    const value = { a: { '@x': '<"\'&>', b: ['1', ' & '.trim(), 'ä😀'], c: { '@y': '', d: '</d>' } } };
    for (const indent of [false, true]) expect(await run({}, await format(value, { indent }))).toEqual(value);
  });
});

it('refuses a setting it does not know', () => {
  expect(refusalsOf(definition, { namespaces: 'x' }).map(([path]) => path)).toEqual(['namespaces']);
});

it('types its ports by what it does', () => {
  expect(portsText(definition)).toEqual([['input: string'], ['output: object']]);
  expect(portsText(definition, { mode: 'format' })).toEqual([['input: any'], ['output: string']]);
});

it.each([
  ['elements', `<r>${'<i a="1">x</i>'.repeat(50_000)}</r>`],
  ['names', `<r>${Array.from({ length: 50_000 }, (_, i) => `<i${i}/>`).join('')}</r>`],
  ['attributes', `<r ${Array.from({ length: 20_000 }, (_, i) => `a${i}="1"`).join(' ')}/>`],
  ['texts between', `<r>${'x<b/>'.repeat(50_000)}</r>`],
  ['entities', `<r>${'&amp;'.repeat(200_000)}</r>`],
  ['ampersands', `<r>${'&'.repeat(200_000)}</r>`],
  ['open comments', `<r>${'<!--'.repeat(100_000)}`],
  ['open tags', '<a '.repeat(50_000)],
])('does not slow down over %s', async (_, text) => {
  const spent = cpuClock();
  await run({}, text).catch(() => undefined);
  expect(spent()).toBeLessThan(2500);
});

it('flow: an item of a feed is reached by a reference', async () => {
  const result = await runChain({
    definitionOf,
    executors: { xml: execute, set },
    chain: [
      { type: 'xml', from: 'text', config: { lists: ['item'] } },
      { type: 'set', config: { mode: 'text', text: '{{ n1.output.rss.item.0.title }}' } },
    ],
    payload: { text: '<rss><item><title>News</title></item></rss>' },
  });
  expect(result.steps['n2']?.outputs).toEqual({ output: 'News' });
});
