import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coerce } from './coerce.ts';
import { DATA_TYPES, type DataType, flowBetween } from './port-type.ts';

const message = fc.record({ role: fc.constantFrom('user', 'assistant'), content: fc.string() });
const json = fc.jsonValue();

/** A value as a port of the type really holds it. */
const VALUES: Readonly<Record<DataType, fc.Arbitrary<unknown>>> = {
  string: fc.string(),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }),
  boolean: fc.boolean(),
  object: fc.dictionary(fc.string(), json),
  array: fc.array(json),
  message,
  messages: fc.array(message),
  image: fc.record({ url: fc.webUrl() }),
  file: fc.record({ filename: fc.string(), url: fc.webUrl() }),
  any: json,
};

const isMessage = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'role' in value && 'content' in value;

/** What a port of the type promises to whoever reads it. */
const FITS: Partial<Record<DataType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  message: isMessage,
  messages: (value) => Array.isArray(value) && value.every(isMessage),
};

const typedPair = fc
  .tuple(fc.constantFrom(...DATA_TYPES), fc.constantFrom(...DATA_TYPES))
  .filter(([source, target]) => source !== 'any' && flowBetween(source, target) !== null)
  .chain(([source, target]) => VALUES[source].map((value) => ({ source, target, value })));

describe('coerce', () => {
  it('gives every value of a permitted flow the form its target promises', () => {
    fc.assert(
      fc.property(typedPair, ({ source, target, value }) => {
        const fits = FITS[target];
        if (fits) expect(fits(coerce(value, source, target))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing where the table says exact', () => {
    fc.assert(
      fc.property(typedPair, ({ source, target, value }) => {
        fc.pre(flowBetween(source, target) === 'exact');
        expect(coerce(value, source, target)).toBe(value);
      }),
    );
  });

  it('is done after one time', () => {
    fc.assert(
      fc.property(typedPair, ({ source, target, value }) => {
        const once = coerce(value, source, target);
        expect(coerce(once, target, target)).toEqual(once);
      }),
    );
  });

  it.each([
    ['string', 'message', 'hi', { role: 'user', content: 'hi' }],
    ['string', 'messages', 'hi', [{ role: 'user', content: 'hi' }]],
    ['message', 'messages', { role: 'assistant', content: 'x' }, [{ role: 'assistant', content: 'x' }]],
    ['number', 'string', 12.5, '12.5'],
    ['boolean', 'string', false, 'false'],
    ['object', 'string', { a: 1 }, '{"a":1}'],
    ['array', 'string', [1, 'b'], '[1,"b"]'],
  ] as const)('%s → %s', (source, target, value, expected) => {
    expect(coerce(value, source, target)).toEqual(expected);
  });

  it('keeps null, whatever the types, and makes null of a missing value', () => {
    for (const source of DATA_TYPES) {
      for (const target of DATA_TYPES) {
        expect(coerce(null, source, target)).toBeNull();
        expect(coerce(undefined, source, target)).toBeNull();
      }
    }
  });

  it('turns what comes out of any into messages only when it can be a message', () => {
    expect(coerce('hi', 'any', 'messages')).toEqual([{ role: 'user', content: 'hi' }]);
    expect(coerce({ role: 'user', content: 'a' }, 'any', 'messages')).toEqual([
      { role: 'user', content: 'a' },
    ]);
    expect(coerce([{ role: 'user', content: 'a' }], 'any', 'messages')).toEqual([
      { role: 'user', content: 'a' },
    ]);
    expect(coerce(5, 'any', 'messages')).toBe(5);
    expect(coerce({ a: 1 }, 'any', 'string')).toEqual({ a: 1 });
  });
});
