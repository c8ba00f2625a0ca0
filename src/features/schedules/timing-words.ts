import { cronWords } from './cron-words.ts';

export const UNITS = [
  { seconds: 86_400, unit: 'day' },
  { seconds: 3600, unit: 'hour' },
  { seconds: 60, unit: 'minute' },
  { seconds: 1, unit: 'second' },
] as const;
export type Unit = (typeof UNITS)[number]['unit'];

/** A span in the largest unit that divides it evenly. */
export function inLargestUnit(seconds: number): { readonly count: number; readonly unit: Unit } {
  const { seconds: size, unit } = UNITS.find((one) => seconds % one.seconds === 0) ?? UNITS[3];
  return { count: seconds / size, unit };
}

/** Such as `5 minutes` or `1 hour`. */
export function spanWords(seconds: number): string {
  const { count, unit } = inLargestUnit(seconds);
  return `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`;
}

export function intervalWords(seconds: number): string {
  const { count, unit } = inLargestUnit(seconds);
  return count === 1 ? `Every ${unit}` : `Every ${spanWords(seconds)}`;
}

/** When a schedule fires, in words, and what they leave unsaid. */
export function whenWords(schedule: {
  readonly cron: string | null;
  readonly interval_seconds: number;
  readonly timezone: string;
}): { readonly words: string; readonly detail: string } {
  const { cron, interval_seconds, timezone } = schedule;
  if (cron === null) return { words: intervalWords(interval_seconds), detail: '' };
  const words = cronWords(cron);
  return words === null ? { words: cron, detail: timezone } : { words, detail: `${cron} · ${timezone}` };
}
