const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = [
  '',
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const NICKNAMES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** A cron pattern as a person would say it; null for one that is easier to read as it stands. */
export function cronWords(pattern: string): string | null {
  const text = pattern.trim().toLowerCase();
  const fields = (NICKNAMES[text] ?? text).split(/\s+/);
  const [minute, hour, day, month, weekday] = fields.length === 6 ? fields.slice(1) : fields;
  if (minute === undefined || hour === undefined || day === undefined) return null;
  if (month === undefined || weekday === undefined) return null;
  const time = timeWords(minute, hour);
  const days = dayWords(day, month, weekday);
  if (time === null || days === null) return null;
  if (days === '') return time.often ? `Every ${time.often}${time.at}` : `Every day${time.at}`;
  return time.often ? `${days}, every ${time.often}${time.at}` : `${days}${time.at}`;
}

/** `often`: how often within a day; empty for single times. */
function timeWords(minute: string, hour: string): { readonly often: string; readonly at: string } | null {
  const step = stepOf(minute, 59);
  if (step !== null && hour === '*') return { often: counted(step, 'minute'), at: '' };
  const minutes = numbersOf(minute, 59);
  if (minutes === null || minutes.length > 3) return null;
  const hourStep = stepOf(hour, 23);
  if (hourStep !== null) {
    const past = minutes.map((one) => `:${two(one)}`);
    const isFullHour = minutes.length === 1 && minutes[0] === 0;
    return { often: counted(hourStep, 'hour'), at: isFullHour ? '' : ` at ${listed(past)}` };
  }
  const hours = numbersOf(hour, 23);
  if (hours === null || hours.length * minutes.length > 4) return null;
  const times = hours.flatMap((h) => minutes.map((m) => `${two(h)}:${two(m)}`));
  return { often: '', at: ` at ${listed(times)}` };
}

function dayWords(day: string, month: string, weekday: string): string | null {
  const isAnyDay = day === '*';
  const isAnyWeekday = weekday === '*';
  const months = month === '*' ? '' : namesOf(month, MONTHS, 12);
  if (months === null) return null;
  const within = months === '' ? '' : ` in ${months}`;
  if (isAnyDay && isAnyWeekday) return months === '' ? '' : `Every day${within}`;
  // Both together mean “either”, which takes longer to say than to read.
  if (!isAnyDay && !isAnyWeekday) return null;
  if (!isAnyWeekday) {
    const names = namesOf(weekday, WEEKDAYS, 7);
    return names === null ? null : names + within;
  }
  const ofMonth = months === '' ? ' of the month' : ` of ${months}`;
  if (day === 'l') return `On the last day${ofMonth}`;
  const days = numbersOf(day, 31);
  if (days === null || days.length > 4) return null;
  return `On day ${listed(days.map(String))}${ofMonth}`;
}

/** `*` is 1 and every `n`th is n, where that divides the whole evenly. */
function stepOf(field: string, max: number): number | null {
  if (field === '*') return 1;
  const found = /^\*\/(\d{1,2})$/.exec(field);
  const step = found ? Number(found[1]) : 0;
  return step > 0 && (max + 1) % step === 0 ? step : null;
}

function numbersOf(field: string, max: number): number[] | null {
  const parts = field.split(',');
  if (!parts.every((part) => /^\d{1,2}$/.test(part) && Number(part) <= max)) return null;
  return parts.map(Number).sort((a, b) => a - b);
}

/** `1-5`, `mon,thu` or `6` by name. */
function namesOf(field: string, names: readonly string[], max: number): string | null {
  const one = (text: string | undefined): string | null => {
    if (text === undefined) return null;
    const short = names.findIndex((name) => name !== '' && name.slice(0, 3).toLowerCase() === text);
    const at = /^\d{1,2}$/.test(text) && Number(text) <= max ? Number(text) : short;
    return names[at] || null;
  };
  const range = field.split('-');
  if (range.length === 2) {
    const [from, to] = range.map(one);
    return from && to ? `${from} to ${to}` : null;
  }
  const all = field.split(',').map(one);
  return all.every((name) => name !== null) ? listed(all) : null;
}

const two = (value: number): string => String(value).padStart(2, '0');
const counted = (count: number, unit: string): string => (count === 1 ? unit : `${count} ${unit}s`);

function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
