export const TIME_UNITS = ['seconds', 'minutes', 'hours', 'days'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

const UNIT_MS: Readonly<Record<TimeUnit, number>> = {
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
};

/** As long as anything in a run waits. */
export const LONGEST_DAYS = 366;
export const LONGEST_MS = LONGEST_DAYS * UNIT_MS.days;

/** A length of time as people write it, in milliseconds. */
export const spanMs = (amount: number, unit: TimeUnit): number => amount * UNIT_MS[unit];
