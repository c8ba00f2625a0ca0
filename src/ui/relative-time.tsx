'use client';

import { useSyncExternalStore } from 'react';
import { cn } from './class-name.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** One clock for every time on the screen, ticking only while some are shown. */
const listeners = new Set<() => void>();
let clock: ReturnType<typeof setInterval> | null = null;
let now = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  clock ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 10 * second);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || clock === null) return;
    clearInterval(clock);
    clock = null;
    now = 0;
  };
}

function readNow(): number {
  if (now === 0) now = Date.now();
  return now;
}

/** Says how far `time` is from `from`, both in epoch milliseconds; beyond a week it is the date. */
export function formatRelative(time: number, from: number): string {
  const distance = Math.abs(from - time);
  const past = time <= from;
  const say = (count: number, unit: string) => (past ? `${count}${unit} ago` : `in ${count}${unit}`);
  if (distance < 10 * second) return past ? 'just now' : 'in a moment';
  if (distance < minute) return say(Math.floor(distance / second), 's');
  if (distance < hour) return say(Math.floor(distance / minute), 'm');
  if (distance < day) return say(Math.floor(distance / hour), 'h');
  if (distance < 7 * day) return say(Math.floor(distance / day), 'd');
  const sameYear = new Date(time).getFullYear() === new Date(from).getFullYear();
  const year = sameYear ? {} : { year: 'numeric' as const };
  return new Date(time).toLocaleDateString('en', { day: 'numeric', month: 'short', ...year });
}

export interface RelativeTimeProps {
  /** A date, an ISO string, or epoch milliseconds. */
  value: Date | string | number;
  className?: string | undefined;
}

/** The clock ticks slowly: what happened since its last tick is not to come. */
const seen = (date: Date, tick: number): number => Math.max(tick, Math.min(date.getTime(), Date.now()));

/** A moment as distance from now, kept up to date; the exact time is its tooltip. The server renders the UTC time. */
export function RelativeTime({ value, className }: RelativeTimeProps) {
  const current = useSyncExternalStore(subscribe, readNow, () => null);
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return <span className={className}>–</span>;
  const iso = date.toISOString();
  const text =
    current === null
      ? `${iso.slice(0, 16).replace('T', ' ')} UTC`
      : formatRelative(date.getTime(), seen(date, current));
  const exact =
    current === null ? undefined : date.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'long' });
  return (
    <time dateTime={iso} title={exact} className={cn('whitespace-nowrap tabular-nums', className)}>
      {text}
    </time>
  );
}
