import { z } from 'zod';
import { pageOf, paging } from '#domain/page.ts';
import {
  MAX_INTERVAL_SECONDS,
  MAX_JITTER_SECONDS,
  MISFIRE_POLICIES,
  OVERLAP_POLICIES,
  SCHEDULE_STATUSES,
} from '#domain/schedule/timing.ts';
import { name, text } from '#domain/text.ts';
import { operation, rowId } from './operation.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');
const when = z.iso.datetime({ offset: true });
const anyObject = z.record(z.string(), z.json());
const one = { schedule_id: text(200) };
const MAX_COUNT = 1_000_000;
const YEAR_SECONDS = 31_536_000;

export const FIRE_OUTCOMES = [
  'starting',
  'fired',
  'queued',
  'skipped_overlap',
  'skipped_inactive',
  'misfired',
  'backed_off',
  'failed',
] as const;

const fields = {
  name: name(),
  description: text(10_000),
  interval_seconds: z
    .int()
    .min(1)
    .max(MAX_INTERVAL_SECONDS)
    .describe('Time between two runs. With `cron` it only spaces retries.'),
  cron: text(200).nullable().describe('Five fields; in place of the interval. At most once a minute.'),
  timezone: text(100).describe('IANA name; cron is read in it.'),
  start_at: when.nullable().describe('No run before this.'),
  end_at: when.nullable().describe('No run after this.'),
  jitter_seconds: z
    .int()
    .min(0)
    .max(MAX_JITTER_SECONDS)
    .describe('Each run is put off by up to this, always the same for the same fire.'),
  misfire_policy: z
    .enum(MISFIRE_POLICIES)
    .describe(
      'Fires missed while no process was up: none, the newest, or all of the last hour (at most 100).',
    ),
  overlap_policy: z.enum(OVERLAP_POLICIES).describe('What a fire does while an earlier run has not ended.'),
  total_repeats: z.int().min(0).max(MAX_COUNT).describe('0: without end.'),
  max_retries: z.int().min(0).max(MAX_COUNT).describe('Failed runs in a row, after which it gives up.'),
  timeout_seconds: z.int().min(1).max(YEAR_SECONDS).describe('Deadline of each run.'),
  trigger_payload: anyObject.nullable(),
};

const TIMING = { cron: true, timezone: true, start_at: true, end_at: true, total_repeats: true } as const;

export const scheduleOut = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    workflow_id: z.int(),
    trigger_node_id: z.int().nullable(),
    user_profile_id: z.int(),
    interval_seconds: z.int(),
    total_repeats: z.int(),
    max_retries: z.int(),
    timeout_seconds: z.int(),
    trigger_payload: anyObject.nullable(),
    status: z.enum(SCHEDULE_STATUSES),
    current_repeat: z.int(),
    current_retry: z.int(),
    last_run_at: time.nullable(),
    next_run_at: time.nullable(),
    run_count: z.int(),
    error_count: z.int(),
    last_error: z.string(),
    created_at: time.nullable(),
    updated_at: time.nullable(),
    cron: z.string().nullable(),
    timezone: z.string(),
    start_at: time.nullable(),
    end_at: time.nullable(),
    jitter_seconds: z.int(),
    misfire_policy: z.enum(MISFIRE_POLICIES),
    overlap_policy: z.enum(OVERLAP_POLICIES),
  })
  .meta({ id: 'Schedule' });

export const fireOut = z
  .object({
    fire_at: time.describe('The time the fire was meant for.'),
    until_at: time.nullable().describe('The record stands for every fire up to here.'),
    outcome: z.enum(FIRE_OUTCOMES),
    detail: z.string(),
    manual: z.boolean(),
    repeat_number: z.int().nullable(),
    execution_id: z.string().nullable(),
    result: z.enum(['completed', 'failed', 'cancelled']).nullable(),
    recorded_at: time,
    ended_at: time.nullable(),
  })
  .meta({ id: 'ScheduleFire' });

/** A schedule with what a list of them shows beside it. */
const scheduleEntry = scheduleOut
  .extend({
    workflow_name: z.string(),
    workflow_slug: z.string(),
    last_fire: fireOut.nullable().describe('The newest one, started by hand or not.'),
  })
  .meta({ id: 'ScheduleEntry' });

const plannedFires = z.object({
  items: z.array(
    z.object({
      fire_at: time.describe('The time a run is meant for.'),
      run_at: time.describe('When it starts: jitter may put it off.'),
    }),
  ),
});

export const schedules = {
  list: operation({
    method: 'get',
    path: '/schedules',
    status: 200,
    access: 'schedule.read',
    summary: 'List schedules, newest first; `q` searches name, description and workflow',
    input: z.object({
      ...paging,
      status: text(100).optional(),
      workflow_id: rowId.optional(),
      q: text(200).optional(),
      sort: text(50)
        .optional()
        .describe('-created_at (default), created_at, name, next_run_at, -last_run_at, -error_count'),
    }),
    output: pageOf(scheduleEntry),
  }),
  preview: operation({
    method: 'post',
    path: '/schedules/preview',
    status: 200,
    access: 'schedule.read',
    summary: 'The next five runs of settings that are not saved; jitter cannot be foretold and is left out',
    input: z.object({
      ...z.object(fields).pick(TIMING).partial().shape,
      interval_seconds: fields.interval_seconds.nullish(),
    }),
    output: plannedFires,
  }),
  create: operation({
    method: 'post',
    path: '/schedules',
    status: 201,
    access: 'schedule.edit',
    summary: 'Start a schedule; the first run comes after one interval, or when the cron pattern says so',
    input: z.object({
      ...z.object(fields).partial().shape,
      name: fields.name,
      workflow_id: rowId,
      interval_seconds: fields.interval_seconds.nullish(),
      trigger_node_id: rowId.nullish(),
      trigger_payload: anyObject.nullish(),
    }),
    output: scheduleOut,
  }),
  batchDelete: operation({
    method: 'post',
    path: '/schedules/batch-delete',
    status: 204,
    access: 'schedule.edit',
    summary: 'Delete schedules',
    input: z.object({ schedule_ids: z.array(text(200)).max(1000) }),
    output: z.void(),
  }),
  get: operation({
    method: 'get',
    path: '/schedules/{schedule_id}',
    status: 200,
    access: 'schedule.read',
    summary: 'One schedule',
    input: z.object(one),
    output: scheduleEntry,
  }),
  update: operation({
    method: 'patch',
    path: '/schedules/{schedule_id}',
    status: 200,
    access: 'schedule.edit',
    summary: 'Change a schedule; a longer interval counts after the next run',
    input: z.object({ ...one, ...z.object(fields).partial().shape }),
    output: scheduleOut,
  }),
  remove: operation({
    method: 'delete',
    path: '/schedules/{schedule_id}',
    status: 204,
    access: 'schedule.edit',
    summary: 'Delete a schedule with the record of its fires',
    input: z.object(one),
    output: z.void(),
  }),
  pause: operation({
    method: 'post',
    path: '/schedules/{schedule_id}/pause',
    status: 200,
    access: 'schedule.run',
    summary: 'Pause a schedule',
    input: z.object(one),
    output: scheduleOut,
  }),
  resume: operation({
    method: 'post',
    path: '/schedules/{schedule_id}/resume',
    status: 200,
    access: 'schedule.run',
    summary: 'Go on with a paused schedule',
    input: z.object(one),
    output: scheduleOut,
  }),
  runNow: operation({
    method: 'post',
    path: '/schedules/{schedule_id}/run-now',
    status: 200,
    access: 'schedule.run',
    summary: 'Start a run at once, beside the schedule: it changes neither counters nor the next run',
    input: z.object(one),
    output: z.object({ execution_id: z.string(), status: z.literal('pending') }),
  }),
  next: operation({
    method: 'get',
    path: '/schedules/{schedule_id}/next',
    status: 200,
    access: 'schedule.read',
    summary: 'The next five runs',
    input: z.object(one),
    output: plannedFires,
  }),
  fires: operation({
    method: 'get',
    path: '/schedules/{schedule_id}/fires',
    status: 200,
    access: 'schedule.read',
    summary: 'What became of every fire, newest first',
    input: z.object({ ...one, ...paging }),
    output: pageOf(fireOut),
  }),
} as const;
