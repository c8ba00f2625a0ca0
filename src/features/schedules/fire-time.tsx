'use client';

import { RelativeTime } from '#ui/relative-time.tsx';

interface FireTimeProps {
  /** ISO 8601 with Z. */
  at: string;
  /** IANA name of the zone the moment is told in. */
  timezone: string;
}

/** `Mon, 6 Apr 2026, 09:00` by the clock of a time zone. */
export function zonedText(at: string, timezone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(new Date(at).getUTCSeconds() !== 0 && { second: '2-digit' }),
    timeZone: timezone,
  }).format(new Date(at));
}

/** The zone a schedule's times are told in: its own when it reads a pattern, else the person's. */
export const zoneOf = ({ cron, timezone }: { cron: string | null; timezone: string }): string =>
  cron === null ? Intl.DateTimeFormat().resolvedOptions().timeZone : timezone;

/** A moment by the clock, and how far away it is. */
export function FireTime({ at, timezone }: FireTimeProps) {
  return (
    <span className="flex min-w-0 items-baseline justify-between gap-3">
      <time dateTime={at} suppressHydrationWarning className="tabular-nums">
        {zonedText(at, timezone)}
      </time>
      <RelativeTime value={at} className="text-xs text-subtle" />
    </span>
  );
}
