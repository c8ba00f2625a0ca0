import { AppError } from '#domain/problem.ts';

const MOMENT = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?( ?(Z|[+-]\d{2}:?\d{2}))?$/i;
const DAY_MS = 86_400_000;

/**
 * A date or time somebody wrote into a filter; without a zone it is UTC. Null for none.
 * @param end of a date alone, its end is meant.
 * @throws AppError `invalid` for what is neither.
 */
export function momentOf(field: string, written: string | undefined, { end }: { end: boolean }): Date | null {
  const text = written?.trim() ?? '';
  if (text === '') return null;
  const [, clock, , , zone] = MOMENT.exec(text) ?? [];
  const time = Date.parse(clock && !zone ? `${text.replace(' ', 'T')}Z` : text);
  if (!MOMENT.test(text) || Number.isNaN(time)) {
    const msg = 'Give a date, or a date and time, in ISO 8601.';
    throw new AppError('invalid', [{ type: 'datetime_parsing', loc: ['query', field], msg, input: written }]);
  }
  return new Date(end && !clock ? time + DAY_MS : time);
}
