import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuClock, outputsOf, portsText, refusalsOf, runChain } from '#domain/node/step-fixture.ts';
import { definitionOf } from '../definitions.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = async (config: Record<string, unknown>, input: unknown) =>
  (await outputsOf(definition, execute, { config, inputs: { input } }))['output'];
const format = (input: unknown, more = {}) => run({ mode: 'format', ...more }, input);

describe('parse', () => {
  it.each([
    [{}, 'name,age\nAda,36\n', [{ name: 'Ada', age: '36' }]],
    [{}, '\uFEFFname;age\r\nAda;36\r\n\r\n', [{ name: 'Ada', age: '36' }]],
    [{ separator: 'tab' }, 'a\tb\n1,5\t2', [{ a: '1,5', b: '2' }]],
    [
      { separator: 'pipe', header: false },
      'a|b\n1|2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [{}, 'a,b\n"x, ""y""\nz", 2 ', [{ a: 'x, "y"\nz', b: '2' }]],
    [{ trim: false }, 'a,b\n 1 ,2', [{ a: ' 1 ', b: '2' }]],
    [{}, 'a,,c\n1,2,3', [{ a: '1', column_2: '2', c: '3' }]],
    [{}, 'only\nx\ny', [{ only: 'x' }, { only: 'y' }]],
    [{}, 'a,b\n', []],
    [{}, '', []],
    [{ header: false }, '', []],
    [
      { uneven: 'fill' },
      'a,b\n1\n1,2,3',
      [
        { a: '1', b: '' },
        { a: '1', b: '2' },
      ],
    ],
    [{ field: 'body' }, { body: 'a\n1' }, [{ a: '1' }]],
  ])('%j of %j', async (config, input, expected) => {
    expect(await run(config, input)).toEqual(expected);
  });

  it('converts only what reads back as the same number', async () => {
    const text = '1\n-2.50\n007\n12345678901234567890\n1e5\ntrue\nTRUE\n1,5\n+1\n0.10';
    expect(await run({ convert: true, separator: 'semicolon', header: false }, text)).toEqual(
      [1, -2.5, '007', '12345678901234567890', '1e5', true, 'TRUE', '1,5', '+1', 0.1].map((value) => [value]),
    );
  });

  it.each([
    ['a,b\n1,2,3', 'Record 2 has 3 values, but the header names 2.'],
    ['a,b\n1,2\n1', 'Record 3 has 1 value, but the header names 2.'],
    ['a,a\n1,2', 'Two columns are called “a”.'],
    ['a,b\n1,"x', 'Record 2 is not valid CSV'],
  ])('refuses %j', async (text, message) => {
    await expect(run({ separator: 'comma' }, text)).rejects.toMatchObject({
      code: 'bad_csv',
      permanent: true,
      message: expect.stringContaining(message),
    });
  });

  it('cannot be led to change what objects inherit', async () => {
    const [row] = (await run({}, '__proto__,b\n1,2')) as object[];
    expect(Object.keys(row ?? {})).toEqual(['__proto__', 'b']);
  });
});

describe('format', () => {
  it.each([
    [
      {},
      [
        { a: 1, b: 'x,"y"\nz' },
        { b: true, c: null },
      ],
      'a,b,c\n1,"x,""y""\nz",\n,true,',
    ],
    [{ separator: 'semicolon' }, [{ a: '1,5', b: '1;5' }], 'a;b\n1,5;"1;5"'],
    [{ columns: ['b', 'nope'] }, [{ a: 1, b: 2 }], 'b,nope\n2,'],
    [{ header: false }, [{ a: 1 }, { a: { x: [2] } }], '1\n"{""x"":[2]}"'],
    [{}, [[1, 'a'], [2]], '1,a\n2'],
    [{ columns: ['n'] }, [[1]], 'n\n1'],
    [{ field: 'rows' }, { rows: [{ a: 1 }] }, 'a\n1'],
    [{}, [], ''],
  ])('%j of %j', async (config, input, expected) => {
    expect(await format(input, config)).toBe(expected);
  });

  it('protects a spreadsheet from formulas only when asked', async () => {
    const rows = [['=1+1', '@x', -5, '+4\n=x', 'a=b']];
    expect(await format(rows)).toBe('=1+1,@x,-5,"+4\n=x",a=b');
    expect(await format(rows, { protect: true })).toBe('"\'=1+1","\'@x",-5,"\'+4\n=x",a=b');
  });

  it.each([
    [[{}, 5], 'Item 1 (counted from 0) is a number.'],
    [[null], 'Item 0 (counted from 0) is nothing.'],
  ])('refuses %j', async (input, message) => {
    await expect(format(input)).rejects.toMatchObject({
      code: 'not_a_row',
      permanent: true,
      message: expect.stringContaining(message),
    });
  });
});

it('reads back what it wrote', async () => {
  const text = fc.string().filter((one) => one.trim() === one && !one.includes('\uFEFF'));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ a: text, b: text, c: fc.constant('.') })), async (rows) => {
      const written = await format(rows, { separator: 'semicolon' });
      expect(await run({ separator: 'semicolon', trim: false }, written)).toEqual(rows);
    }),
  );
});

it('refuses a separator it does not know', () => {
  expect(refusalsOf(definition, { separator: ';' }).map(([path]) => path)).toEqual(['separator']);
});

it('types its ports by what it does', () => {
  expect(portsText(definition)).toEqual([['input: string'], ['output: array']]);
  expect(portsText(definition, { mode: 'format' })).toEqual([['input: array'], ['output: string']]);
});

it('is quick with 100,000 lines', async () => {
  const rows = Array.from({ length: 100_000 }, (_, id) => ({ id, name: `n "${id}"`, x: null }));
  const spent = cpuClock();
  const written = await format(rows);
  expect(await run({}, written)).toHaveLength(100_000);
  expect(spent()).toBeLessThan(2500);
});

it.each([
  ['quotes', '"'.repeat(200_000)],
  ['opened quotes', 'a,"b\n'.repeat(50_000)],
  ['quotes inside', 'a"b,"c"d,'.repeat(50_000)],
  ['separators', ','.repeat(500_000)],
])('does not slow down over %s', async (_, text) => {
  const spent = cpuClock();
  await run({ header: false }, text).catch(() => undefined);
  expect(spent()).toBeLessThan(2500);
});

it('flow: a text of the trigger becomes rows and a text again', async () => {
  const result = await runChain({
    definitionOf,
    executors: { csv: execute },
    chain: [
      { type: 'csv', from: 'text' },
      { type: 'csv', config: { mode: 'format', separator: 'semicolon', columns: ['b', 'a'] } },
    ],
    payload: { text: 'a,b\n1,2' },
  });
  expect(result.steps['n2']?.outputs).toEqual({ output: 'b;a\n2;1' });
});
