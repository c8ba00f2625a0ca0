import { DateTime, type DateTimeUnit, type DurationUnit } from 'luxon';
import { type Executor, StepError } from '#domain/node/executor.ts';
import { CALENDAR_UNITS, type UNITS } from './config.ts';
import type { definition } from './definition.ts';
import { readTime } from './read-time.ts';

type Config = Parameters<Executor<typeof definition>>[0]['config'];
type Unit = (typeof UNITS)[number];

/** What a JavaScript date can hold. */
const LAST_MS = 8.64e15;

export const execute: Executor<typeof definition> = ({ inputs, config }, { now }) => {
  const current = (): DateTime => DateTime.fromMillis(now(), { zone: config.zone });
  const given = (): DateTime =>
    readTime(config.value === '' ? (inputs.input ?? null) : config.value, 'Time', config);
  switch (config.operation) {
    case 'now':
      return result(current());
    case 'parse':
      return result(given());
    case 'format': {
      const time = given();
      return result(time, time.setLocale(config.locale).toFormat(config.pattern));
    }
    case 'add':
      return result(given().plus({ [config.unit]: config.amount }));
    case 'start_of':
      return result(given().startOf(singular(config.unit)));
    case 'end_of':
      return result(given().endOf(singular(config.unit)));
    case 'difference': {
      const other = config.other === '' ? current() : readTime(config.other, 'Minus', config);
      return { kind: 'done', outputs: { output: between(given(), other, config) } };
    }
  }
};

function result(time: DateTime, text?: string): ReturnType<Executor<typeof definition>> {
  const iso = inRange(time).toISO() ?? '';
  const parts = {
    iso,
    utc: time.toUTC().toISO() ?? '',
    milliseconds: time.toMillis(),
    zone: time.zoneName,
    offset: time.offset,
    year: time.year,
    month: time.month,
    day: time.day,
    hour: time.hour,
    minute: time.minute,
    second: time.second,
    weekday: time.weekday,
  };
  return { kind: 'done', outputs: { output: text ?? iso, parts } };
}

function between(time: DateTime, other: DateTime, { unit, whole }: Config): number {
  // Days and longer follow the calendar of the zone, hours and shorter are exact.
  const difference = CALENDAR_UNITS.includes(unit)
    ? time.diff(other, unit as DurationUnit).as(unit)
    : time.diff(other).as(unit);
  return (whole ? Math.trunc(difference) : difference) || 0;
}

function inRange(time: DateTime): DateTime {
  if (time.isValid && Math.abs(time.toMillis()) <= LAST_MS) return time;
  const message = 'The result is no time any more: it is outside the years −271821 to 275760. Add less.';
  throw new StepError('out_of_range', message, { permanent: true });
}

const singular = (unit: Unit): DateTimeUnit => unit.slice(0, -1) as DateTimeUnit;
