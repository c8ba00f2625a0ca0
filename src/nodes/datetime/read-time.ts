import { DateTime } from 'luxon';
import type { z } from 'zod';
import { StepError } from '#domain/node/executor.ts';
import { kindOf } from '#domain/node/item-path.ts';
import { numberIn } from '#domain/node/number-text.ts';
import type { READ_AS, config as schema } from './config.ts';

type Config = z.output<typeof schema>;
type Read = (text: string, config: Config) => DateTime;

const LONGEST = 200;

const fromNumber =
  (factor: number): Read =>
  (text, { zone }) => {
    const number = numberIn(text);
    return number === null
      ? DateTime.invalid('it is no number')
      : DateTime.fromMillis(Math.round(number * factor), { zone });
  };

const READ: Readonly<Record<(typeof READ_AS)[number], Read>> = {
  iso: (text, { zone }) => DateTime.fromISO(text, { zone }),
  http: (text, { zone }) => DateTime.fromHTTP(text, { zone }),
  pattern: (text, { zone, locale, read_pattern }) =>
    DateTime.fromFormat(text, read_pattern, { zone, locale }),
  seconds: fromNumber(1000),
  milliseconds: fromNumber(1),
};

const FORMS: Readonly<Record<(typeof READ_AS)[number], string>> = {
  iso: 'an ISO 8601 time such as 2026-03-29T10:00',
  http: 'an HTTP date such as Sun, 29 Mar 2026 10:00:00 GMT',
  pattern: 'a time in the pattern',
  seconds: 'a number of seconds since 1970',
  milliseconds: 'a number of milliseconds since 1970',
};

/**
 * A time as the config says it is written, in the zone of the config.
 * @throws StepError `bad_time` or `missing_value` naming the field.
 */
export function readTime(value: unknown, field: string, config: Config): DateTime {
  if (value === null || value === '') {
    throw new StepError(
      'missing_value',
      `“${field}” is empty and the input holds no time. Fill in one of them.`,
      {
        permanent: true,
      },
    );
  }
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw badTime(`“${field}” should be a text or a number, but it is ${kindOf(value)}.`);
  }
  const text = String(value).trim();
  const time = text.length > LONGEST ? DateTime.invalid('it is too long') : read(text, config);
  if (time.isValid) return time;
  const form = config.read_as === 'pattern' ? `“${config.read_pattern}”` : FORMS[config.read_as];
  throw badTime(
    `“${field}” is “${text.slice(0, 60)}”, which is not ${form}: ${time.invalidExplanation ?? time.invalidReason}. ` +
      'Correct it, or choose another “Read as”.',
  );
}

/** Luxon throws for what it cannot even begin with, such as a number beyond all times. */
function read(text: string, config: Config): DateTime {
  try {
    return READ[config.read_as](text, config);
  } catch (error) {
    return DateTime.invalid(error instanceof Error ? error.message : String(error));
  }
}

const badTime = (message: string): StepError => new StepError('bad_time', message, { permanent: true });
