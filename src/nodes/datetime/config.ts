import { z } from 'zod';
import { isTimeZone } from './time-zone.ts';

export const UNITS = [
  'years',
  'quarters',
  'months',
  'weeks',
  'days',
  'hours',
  'minutes',
  'seconds',
  'milliseconds',
] as const;
/** Their length depends on the calendar, so only whole ones can be added. */
export const CALENDAR_UNITS: readonly string[] = UNITS.slice(0, 5);
export const READ_AS = ['iso', 'seconds', 'milliseconds', 'http', 'pattern'] as const;

const reading = ['parse', 'format', 'add', 'difference', 'start_of', 'end_of'];

export const config = z
  .object({
    operation: z
      .enum(['now', 'parse', 'format', 'add', 'difference', 'start_of', 'end_of'])
      .default('now')
      .describe('What to do with the time.')
      .meta({ title: 'Operation', field: { control: 'select', group: 'required' } }),
    value: z
      .json()
      .default('')
      .describe('The time to work on. Empty: the input.')
      .meta({
        title: 'Time',
        field: {
          control: 'template',
          group: 'required',
          placeholder: '{{ trigger.body.created_at }}',
          when: { field: 'operation', in: reading },
        },
      }),
    other: z
      .json()
      .default('')
      .describe('The time to take away: the difference is Time minus this one. Empty: now.')
      .meta({
        title: 'Minus',
        field: { control: 'template', group: 'required', when: { field: 'operation', in: ['difference'] } },
      }),
    amount: z
      .number()
      .min(-1e12)
      .max(1e12)
      .default(1)
      .describe('How many units to add; a negative number goes back.')
      .meta({ title: 'Amount', field: { group: 'required', when: { field: 'operation', in: ['add'] } } }),
    unit: z
      .enum(UNITS)
      .default('days')
      .describe('The unit to add, to count in, or to find the start or end of. Weeks begin on Monday.')
      .meta({
        title: 'Unit',
        field: {
          control: 'select',
          group: 'required',
          when: { field: 'operation', in: ['add', 'difference', 'start_of', 'end_of'] },
        },
      }),
    pattern: z
      .string()
      .min(1, 'A pattern needs at least one character.')
      .max(200)
      .default('yyyy-MM-dd HH:mm:ss')
      .describe(
        'Such as dd.MM.yyyy HH:mm, ccc d LLL yyyy, or x for milliseconds. Text goes in single quotes.',
      )
      .meta({
        title: 'Pattern',
        field: { group: 'required', when: { field: 'operation', in: ['format'] } },
      }),
    zone: z
      .string()
      .max(100)
      .default('UTC')
      .refine(isTimeZone, {
        error: 'There is no time zone of this name. Use one such as Europe/Berlin or UTC.',
      })
      .describe('IANA name. The result is in this zone, and times without a zone are read in it.')
      .meta({ title: 'Time zone', field: { group: 'common', placeholder: 'Europe/Berlin' } }),
    read_as: z
      .enum(READ_AS)
      .default('iso')
      .describe(
        'How the time is written: ISO 8601, seconds or milliseconds since 1970, HTTP date, own pattern.',
      )
      .meta({
        title: 'Read as',
        field: { control: 'select', group: 'common', when: { field: 'operation', in: reading } },
      }),
    read_pattern: z
      .string()
      .max(200)
      .default('')
      .describe('The pattern the time is written in, such as dd.MM.yyyy.')
      .meta({
        title: 'Pattern to read',
        field: { group: 'common', when: { field: 'read_as', in: ['pattern'] } },
      }),
    locale: z
      .string()
      .max(35)
      .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'A language such as en, de or fr-CA.')
      .default('en')
      .describe('The language of the names of months and days.')
      .meta({
        title: 'Language',
        field: { group: 'advanced', when: { field: 'operation', in: ['format', 'parse'] } },
      }),
    whole: z
      .boolean()
      .default(false)
      .describe('Counts only whole units.')
      .meta({
        title: 'Whole units',
        field: { group: 'common', when: { field: 'operation', in: ['difference'] } },
      }),
  })
  .superRefine(({ operation, amount, unit, read_as, read_pattern }, context) => {
    const refuse = (field: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [field], message });
    };
    if (operation === 'add' && CALENDAR_UNITS.includes(unit) && !Number.isInteger(amount)) {
      refuse('amount', `Only whole ${unit} can be added, since their length differs. Use hours for parts.`);
    }
    if (operation !== 'now' && read_as === 'pattern' && read_pattern === '') {
      refuse('read_pattern', 'Say in which pattern the time is written.');
    }
  });
