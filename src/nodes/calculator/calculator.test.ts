import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outputsOf, portsText, refusalsOf, runChain } from '#domain/node/step-fixture.ts';
import { definitionOf } from '../definitions.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = async (expression: unknown, more: Record<string, unknown> = {}, input?: unknown) =>
  (await outputsOf(definition, execute, { config: { expression, ...more }, inputs: { input } }))['result'];

describe('operators', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 2 - 3', 5],
    ['2 ** 3 ** 2', 512],
    ['-2 ** 2', -4],
    ['(-2) ** 2', 4],
    ['2 ** -1', 0.5],
    ['7 / 2', 3.5],
    ['7 // 2', 3],
    ['-7 // 2', -4],
    ['7 % 3', 1],
    ['-7 % 3', 2],
    ['7 % -3', -2],
    ['-6 % 3', 0],
    ['6 / 2 * 3', 9],
    ['- - +5', 5],
    ['5 - -3', 8],
    ['1.5e2 + .5', 150.5],
    ['  ( ( 4 ) )  ', 4],
    [12, 12],
    ['-0', 0],
    ['0.1 + 0.2', 0.30000000000000004],
  ])('%s is %d', async (expression, expected) => {
    expect(Object.is(await run(expression), expected)).toBe(true);
  });

  it.each([
    ['abs(-3)', 3],
    ['ceil(1.2) + floor(1.8)', 3],
    ['round(2.5)', 3],
    ['round(-2.5)', -3],
    ['round(1.005, 2)', 1.01],
    ['round(1234, -2)', 1200],
    ['round(1e-7, 3)', 0],
    ['round(1.5e21)', 1.5e21],
    ['sqrt(16)', 4],
    ['max(1, 5, 3) - min(2, 1)', 4],
  ])('%s is %d', async (expression, expected) => {
    expect(await run(expression)).toBe(expected);
  });

  it('floor division and rest belong together', async () => {
    const whole = fc.integer({ min: -1000, max: 1000 });
    await fc.assert(
      fc.asyncProperty(
        whole,
        whole.filter((b) => b !== 0),
        async (a, b) => {
          expect(await run('(a // b) * b + a % b', { values: { a, b } })).toBe(a);
        },
      ),
    );
  });
});

describe('names', () => {
  it('are values, then fields of the input', async () => {
    const values = { price: '12.50', n: 2 };
    expect(await run('price * n + order.tax', { values }, { n: 99, order: { tax: 1 } })).toBe(26);
    expect(await run('items.0.n + 1', {}, { items: [{ n: '4' }] })).toBe(5);
    expect(await run('input * 2', {}, '21')).toBe(42);
    expect(await run('input.a * 2', {}, { a: 4 })).toBe(8);
  });

  it.each([
    [{ values: { a: '12 EUR' } }, undefined, 'not_a_number', '“a” is the text “12 EUR”'],
    [{ values: { a: true } }, undefined, 'not_a_number', '“a” is a boolean'],
    [{}, { a: [1] }, 'not_a_number', '“a” is a list'],
    [
      { values: { b: 1 } },
      {},
      'missing_value',
      '“a” is neither one of the values nor a field of the input. The values are b.',
    ],
    [{}, { a: null }, 'missing_value', '“a” is neither'],
    [{}, 'text', 'missing_value', '“a” is neither'],
  ])('refuse %j with %j', async (more, input, code, message) => {
    await expect(run('a + 1', more, input)).rejects.toMatchObject({
      code,
      permanent: true,
      message: expect.stringContaining(message),
    });
  });

  it.each(['constructor', '__proto__', 'toString.length', 'process.pid'])(
    'reach nothing of the program: %s',
    async (name) => {
      await expect(run(name, {}, {})).rejects.toMatchObject({ code: 'missing_value' });
    },
  );
});

describe('refusing', () => {
  it.each([
    ['', 'bad_expression', 'A number, a name or a parenthesis is missing at the end'],
    ['1 +', 'bad_expression', 'at the end'],
    ['1 2', 'bad_expression', 'An operator is missing at “2” (character 3)'],
    ['(1', 'bad_expression', 'A closing parenthesis is missing at the end'],
    ['1)', 'bad_expression', 'at “)”'],
    ['1 & 2', 'bad_expression', 'This cannot be read at “& 2”'],
    ['1 = 2', 'bad_expression', 'cannot be read'],
    ['"a"', 'bad_expression', 'cannot be read'],
    ['eval(1)', 'bad_expression', 'there is no function “eval”'],
    ['constructor(1)', 'bad_expression', 'there is no function'],
    ['abs()', 'bad_expression', '“abs” takes 1 numbers, but has 0'],
    ['round(1, 2, 3)', 'bad_expression', '“round” takes 1 to 2'],
    ['1 / 0', 'division_by_zero', 'divides by zero'],
    ['1 // (2 - 2)', 'division_by_zero', 'divides by zero'],
    ['1 % 0', 'division_by_zero', 'divides by zero'],
    ['0 ** -1', 'division_by_zero', 'no negative power'],
    ['9 ** 9 ** 9', 'out_of_range', 'the exponent'],
    ['2 ** -1001', 'out_of_range', 'the exponent'],
    ['10 ** 999', 'out_of_range', 'too large'],
    ['1e999', 'out_of_range', 'too large'],
    ['(-8) ** 0.5', 'out_of_range', 'no real number'],
    ['sqrt(-1)', 'out_of_range', 'no real number'],
    ['round(1, 99)', 'out_of_range', 'at most 15'],
    ['('.repeat(150), 'bad_expression', 'nested more than 100 times'],
    ['-'.repeat(1999), 'bad_expression', 'nested more than 100 times'],
    [`${'2**'.repeat(150)}1`, 'bad_expression', 'nested more than 100 times'],
  ])('%s', async (expression, code, message) => {
    await expect(run(expression)).rejects.toMatchObject({
      code,
      permanent: true,
      message: expect.stringContaining(message),
    });
  });

  it('an expression that is too long, and names that cannot be written', () => {
    expect(refusalsOf(definition, { expression: '1'.repeat(2001) })).toHaveLength(1);
    expect(refusalsOf(definition, { values: { 'a b': 1 } })).toHaveLength(1);
    expect(refusalsOf(definition, { decimals: 16 }).map(([path]) => path)).toEqual(['decimals']);
  });
});

it('takes a long sum without running out of anything', async () => {
  expect(await run(`1${'+1'.repeat(999)}`)).toBe(1000);
});

it('rounds the result when asked', async () => {
  expect(await run('0.1 + 0.2', { decimals: 2 })).toBe(0.3);
  expect(await run('1.005 * 1', { decimals: 2 })).toBe(1.01);
  expect(await run('5 / 3', { decimals: 0 })).toBe(2);
  expect(Object.is(await run('-0.4', { decimals: 0 }), 0)).toBe(true);
});

it('has one number as its result', () => {
  expect(portsText(definition)).toEqual([['input: any'], ['result: number']]);
  expect(definition.subtitle?.(definition.config.parse({ expression: 'a + b' }))).toBe('a + b');
});

it('flow: values are references, and the input has names of its own', async () => {
  const result = await runChain({
    definitionOf,
    executors: { calculator: execute },
    chain: [
      {
        type: 'calculator',
        config: {
          expression: '(price - discount) * quantity',
          values: { price: '{{ trigger.item.price }}' },
        },
      },
      { type: 'calculator', config: { expression: 'input ** 2' }, from: 'result' },
    ],
    payload: { item: { price: '10' }, discount: 1, quantity: 2 },
  });
  expect(result.steps['n2']?.outputs).toEqual({ result: 324 });
});
