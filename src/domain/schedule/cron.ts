import { Cron } from 'croner';

const MAX_CACHED = 500;
const MAX_LENGTH = 200;
const parsed = new Map<string, Cron>();

/**
 * Times that daylight saving skips fire right after the gap, and repeated ones once; patterns with a wildcard or a
 * step in the hour or minute follow real time instead: nothing in the gap, twice in the repeated hour.
 */
function parse(pattern: string, timezone: string): Cron {
  const key = `${timezone} ${pattern}`;
  const cached = parsed.get(key);
  if (cached) return cached;
  const mode = fieldsOf(pattern).length === 6 ? '6-part' : '5-part';
  const cron = new Cron(pattern, { timezone, mode, fixedTimeRule: 'no-wildcard' });
  const [oldest] = parsed.keys();
  if (parsed.size >= MAX_CACHED && oldest !== undefined) parsed.delete(oldest);
  parsed.set(key, cron);
  return cron;
}

const fieldsOf = (pattern: string): string[] => pattern.trim().split(/\s+/);

/** The first time after `after` that the pattern names; null when there is none. Milliseconds since the epoch. */
export function cronAfter(pattern: string, timezone: string, after: number): number | null {
  // Whole seconds: the parts of a second before a fire still belong to the time before it.
  const from = new Date(Math.floor(after / 1000) * 1000);
  return parse(pattern.trim(), timezone).nextRun(from)?.getTime() ?? null;
}

/** Why a time zone cannot be used; null when it can. */
export function timezoneProblem(timezone: string): string | null {
  const problem = `“${timezone}” is no time zone. Use an IANA name such as Europe/Berlin or UTC.`;
  if (!/^[A-Za-z]/.test(timezone)) return problem;
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return null;
  } catch {
    return problem;
  }
}

const HELP = 'Write minute, hour, day of month, month and day of week, such as “30 9 * * 1-5”.';

/** Why a pattern cannot be used, in words; null when it fires now and then, and at most once a minute. */
export function cronProblem(pattern: string, timezone: string): string | null {
  const text = pattern.trim();
  if (text.length > MAX_LENGTH) return `A cron pattern has at most ${MAX_LENGTH} characters.`;
  const fields = fieldsOf(text);
  if (!text.startsWith('@') && fields.length !== 5 && fields.length !== 6) {
    return `“${text}” has ${text === '' ? 0 : fields.length} fields. ${HELP}`;
  }
  // It would stand for the moment somebody happens to read the pattern.
  if (text.includes('?')) return `“?” has no fixed meaning in a cron pattern. ${HELP}`;
  if (fields.length === 6 && !/^\d{1,2}$/.test(fields[0] ?? '')) {
    return 'This pattern fires more than once a minute. Leave the seconds out, or give one fixed second.';
  }
  try {
    const next = cronAfter(text, timezone, Date.UTC(2024, 0, 1));
    return next === null ? `“${text}” never fires: there is no such day.` : null;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern:\s*/, '') : String(error);
    return `“${text}” is no cron pattern: ${why}. ${HELP}`;
  }
}
