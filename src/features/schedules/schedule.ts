import type { OutputOf } from '#contract/contract.ts';

export type SchedulePage = OutputOf<'schedules', 'list'>;
export type Schedule = SchedulePage['items'][number];
export type Fire = NonNullable<Schedule['last_fire']>;
