/** When a schedule fires, without what it does then. Times are milliseconds since the epoch. */
export interface Timing {
  /** The time between two fires. A cron schedule only spaces its retries by it. */
  readonly intervalSeconds: number;
  /** Five fields, or six with a fixed second; null: the interval counts. */
  readonly cron: string | null;
  /** IANA name; cron is read in it. */
  readonly timezone: string;
  /** Nothing fires before this. */
  readonly startAt: number | null;
  /** Nothing fires after this. */
  readonly endAt: number | null;
  /** Each fire is put off by 0 to this many seconds, always the same for the same fire. */
  readonly jitterSeconds: number;
}

/** What becomes of fires nobody was there to make: none is made up for, the newest, or all of the last hour. */
export const MISFIRE_POLICIES = ['skip', 'once', 'all'] as const;
export type MisfirePolicy = (typeof MISFIRE_POLICIES)[number];

/** What a fire does while an earlier run of the schedule has not ended. */
export const OVERLAP_POLICIES = ['skip', 'queue', 'allow'] as const;
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

export const SCHEDULE_STATUSES = ['active', 'paused', 'done', 'dead'] as const;
export type ScheduleStatus = (typeof SCHEDULE_STATUSES)[number];

/** Ten years. */
export const MAX_INTERVAL_SECONDS = 315_360_000;
export const MAX_JITTER_SECONDS = 86_400;
export const DEFAULT_TIMEZONE = 'UTC';
/** Spaces the retries of a cron schedule that names no interval. */
export const CRON_RETRY_SECONDS = 60;
