import { describe, expect, it } from 'vitest';
import { outputsOf, portsText, refusalsOf, runChain } from '#domain/node/step-fixture.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const NOW = Date.UTC(2026, 2, 28, 12, 0, 0);
const capabilities = { now: () => NOW };
const run = (config: Record<string, unknown>, input?: unknown) =>
  outputsOf(definition, execute, { config, inputs: { input }, capabilities });
const output = async (config: Record<string, unknown>, input?: unknown) =>
  (await run(config, input))['output'];
const berlin = 'Europe/Berlin';

it('gives the time now in the zone, with its parts', async () => {
  expect(await run({ zone: berlin })).toEqual({
    output: '2026-03-28T13:00:00.000+01:00',
    parts: {
      iso: '2026-03-28T13:00:00.000+01:00',
      utc: '2026-03-28T12:00:00.000Z',
      milliseconds: NOW,
      zone: berlin,
      offset: 60,
      year: 2026,
      month: 3,
      day: 28,
      hour: 13,
      minute: 0,
      second: 0,
      weekday: 6,
    },
  });
});

describe('parse', () => {
  it.each([
    [{}, '2026-03-29', '2026-03-29T00:00:00.000Z'],
    [{ zone: berlin }, '2026-07-01T10:00', '2026-07-01T10:00:00.000+02:00'],
    [{ zone: berlin }, '2026-07-01T10:00:00Z', '2026-07-01T12:00:00.000+02:00'],
    [{ zone: berlin }, '2026-03-29T02:30', '2026-03-29T03:30:00.000+02:00'],
    [{ read_as: 'seconds' }, 0, '1970-01-01T00:00:00.000Z'],
    [{ read_as: 'seconds' }, '1.5', '1970-01-01T00:00:01.500Z'],
    [{ read_as: 'milliseconds' }, -1, '1969-12-31T23:59:59.999Z'],
    [{ read_as: 'http' }, 'Sun, 29 Mar 2026 10:00:00 GMT', '2026-03-29T10:00:00.000Z'],
    [{ read_as: 'pattern', read_pattern: 'dd.MM.yyyy' }, '29.03.2026', '2026-03-29T00:00:00.000Z'],
    [
      { read_as: 'pattern', read_pattern: 'd LLLL yyyy', locale: 'de' },
      '1 März 2026',
      '2026-03-01T00:00:00.000Z',
    ],
    [{ value: '2026-01-01' }, 'ignored', '2026-01-01T00:00:00.000Z'],
  ])('%j of %j', async (config, input, expected) => {
    expect(await output({ operation: 'parse', ...config }, input)).toBe(expected);
  });

  it.each([
    [{}, '2026-02-30', 'bad_time', '“Time” is “2026-02-30”'],
    [{}, 'tomorrow', 'bad_time', 'not an ISO 8601 time'],
    [{}, '', 'missing_value', '“Time” is empty'],
    [{}, undefined, 'missing_value', '“Time” is empty'],
    [{}, { at: 1 }, 'bad_time', 'it is an object'],
    [{ read_as: 'seconds' }, 'soon', 'bad_time', 'a number of seconds'],
    [{ read_as: 'milliseconds' }, 1e17, 'bad_time', '“Time”'],
    [{ read_as: 'pattern', read_pattern: 'dd.MM.yyyy' }, '2026-03-29', 'bad_time', '“dd.MM.yyyy”'],
    [{}, `2026${'0'.repeat(100_000)}`, 'bad_time', 'too long'],
  ])('refuses %j of %j', async (config, input, code, message) => {
    await expect(run({ operation: 'parse', ...config }, input)).rejects.toMatchObject({
      code,
      permanent: true,
      message: expect.stringContaining(message),
    });
  });
});

describe('format', () => {
  it.each([
    [{}, '2026-03-29 08:05:00'],
    [{ pattern: "d. LLLL yyyy 'um' HH:mm", locale: 'de', zone: berlin }, '29. März 2026 um 10:05'],
    [{ pattern: 'X' }, '1774771500'],
    [{ pattern: 'ccc W ZZ', zone: berlin }, 'Sun 13 +02:00'],
  ])('%j', async (config, expected) => {
    expect(await output({ operation: 'format', ...config }, '2026-03-29T08:05:00Z')).toBe(expected);
  });
});

describe('add', () => {
  it.each([
    ['2026-01-31', 1, 'months', '2026-02-28T00:00:00.000+01:00'],
    ['2024-02-29', 1, 'years', '2025-02-28T00:00:00.000+01:00'],
    ['2026-03-28T12:00', 1, 'days', '2026-03-29T12:00:00.000+02:00'],
    ['2026-03-28T12:00', 24, 'hours', '2026-03-29T13:00:00.000+02:00'],
    ['2026-10-25T12:00', -1, 'days', '2026-10-24T12:00:00.000+02:00'],
    ['2026-01-01', 1.5, 'hours', '2026-01-01T01:30:00.000+01:00'],
    ['2026-01-01', 0, 'days', '2026-01-01T00:00:00.000+01:00'],
    ['2026-01-01', -1, 'quarters', '2025-10-01T00:00:00.000+02:00'],
  ])('%s and %d %s', async (value, amount, unit, expected) => {
    expect(await output({ operation: 'add', value, amount, unit, zone: berlin })).toBe(expected);
  });

  it('refuses to leave all times behind', async () => {
    const config = { operation: 'add', value: '2026-01-01', amount: 1_000_000, unit: 'years' };
    await expect(run(config)).rejects.toMatchObject({ code: 'out_of_range', permanent: true });
    await expect(run({ ...config, amount: -1e12, unit: 'milliseconds' })).resolves.toBeDefined();
  });
});

describe('difference', () => {
  it.each([
    ['2026-03-30', '2026-03-28', 'days', 2],
    ['2026-03-30', '2026-03-29', 'hours', 23],
    ['2026-03-29', '2026-03-30', 'days', -1],
    ['2026-01-01T12:00', '2026-01-01', 'days', 0.5],
    ['2026-05-01', '2026-01-01', 'months', 4],
    ['2026-01-01', '2026-01-01', 'seconds', 0],
  ])('%s minus %s in %s', async (value, other, unit, expected) => {
    expect(await run({ operation: 'difference', value, other, unit, zone: berlin })).toEqual({
      output: expected,
    });
  });

  it('counts whole units when asked, and from now without another time', async () => {
    const config = { operation: 'difference', value: '2026-03-26', unit: 'days' };
    expect(await output(config)).toBe(-2.5);
    expect(await output({ ...config, whole: true })).toBe(-2);
    expect(Object.is(await output({ ...config, unit: 'weeks', whole: true }), 0)).toBe(true);
  });

  it('names the field it cannot read', async () => {
    const config = { operation: 'difference', value: '2026-03-26', other: 'x' };
    await expect(run(config)).rejects.toMatchObject({ message: expect.stringContaining('“Minus” is “x”') });
  });
});

describe('start and end', () => {
  it.each([
    ['start_of', 'weeks', '2026-03-23T00:00:00.000+01:00'],
    ['start_of', 'months', '2026-03-01T00:00:00.000+01:00'],
    ['start_of', 'quarters', '2026-01-01T00:00:00.000+01:00'],
    ['end_of', 'days', '2026-03-29T23:59:59.999+02:00'],
    ['end_of', 'years', '2026-12-31T23:59:59.999+01:00'],
  ])('%s %s', async (operation, unit, expected) => {
    expect(await output({ operation, unit, zone: berlin }, '2026-03-29T10:00')).toBe(expected);
  });
});

describe('config', () => {
  it.each([
    [{ zone: 'Mars/Base' }, 'zone', 'There is no time zone of this name.'],
    [{ zone: '' }, 'zone', 'There is no time zone of this name.'],
    [{ zone: '+02:00' }, 'zone', 'There is no time zone of this name.'],
    [{ operation: 'add', amount: 1.5 }, 'amount', 'Only whole days can be added'],
    [{ operation: 'parse', read_as: 'pattern' }, 'read_pattern', 'Say in which pattern'],
    [{ locale: 'de_DE!' }, 'locale', 'A language such as en'],
  ])('refuses %j', (config, field, message) => {
    const [[path, why] = []] = refusalsOf(definition, config);
    expect(path).toBe(field);
    expect(why).toContain(message);
  });

  it('types its output by the operation', () => {
    expect(portsText(definition)).toEqual([['input: any'], ['output: string', 'parts: object']]);
    expect(portsText(definition, { operation: 'difference' })[1]).toEqual(['output: number']);
  });

  it('says on the card what it does', () => {
    const subtitle = (config: object) => definition.subtitle?.(definition.config.parse(config));
    expect(subtitle({})).toBe('now, UTC');
    expect(subtitle({ operation: 'add', amount: -7 })).toBe('− 7 days');
    expect(subtitle({ operation: 'start_of', unit: 'weeks' })).toBe('start of week');
    expect(subtitle({ operation: 'difference' })).toBe('difference in days');
  });
});

it('flow: a week after what the trigger says', async () => {
  const result = await runChain({
    definitionOf,
    executors: { datetime: execute, set },
    chain: [
      { type: 'datetime', config: { operation: 'add', value: '{{ trigger.at }}', amount: 1, unit: 'weeks' } },
      { type: 'set', config: { mode: 'text', text: '{{ n1.parts.day }}.{{ n1.parts.month }}.' } },
    ],
    payload: { at: '2026-03-29' },
  });
  expect(result.steps['n2']?.outputs).toEqual({ output: '5.4.' });
});
