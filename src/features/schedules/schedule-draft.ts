import type { InputOf } from '#contract/contract.ts';
import type { MisfirePolicy, OverlapPolicy } from '#domain/schedule/timing.ts';
import type { Schedule } from './schedule.ts';
import { inLargestUnit, UNITS, type Unit } from './timing-words.ts';

/** What the form holds: every field as the person sees it. */
export interface Draft {
  readonly name: string;
  readonly description: string;
  readonly workflowId: number | null;
  /** Null: the workflow's first schedule trigger. */
  readonly triggerNodeId: number | null;
  readonly mode: 'interval' | 'cron';
  readonly every: number | null;
  readonly unit: Unit;
  readonly cron: string;
  readonly timezone: string;
  /** ISO 8601; empty for none. */
  readonly startAt: string;
  readonly endAt: string;
  readonly repeats: number | null;
  readonly retries: number | null;
  readonly timeout: number | null;
  readonly jitter: number | null;
  readonly misfire: MisfirePolicy;
  readonly overlap: OverlapPolicy;
  /** JSON; empty for none. */
  readonly payload: string;
}

export type Faults = Readonly<Partial<Record<keyof Draft | '', string>>>;

const EMPTY: Draft = {
  name: '',
  description: '',
  workflowId: null,
  triggerNodeId: null,
  mode: 'interval',
  every: 1,
  unit: 'hour',
  cron: '',
  timezone: 'UTC',
  startAt: '',
  endAt: '',
  repeats: 0,
  retries: 3,
  timeout: 600,
  jitter: 0,
  misfire: 'once',
  overlap: 'skip',
  payload: '',
};

/** A new schedule in the person's own time zone. */
export const newDraft = (timezone: string, workflowId: number | null): Draft => ({
  ...EMPTY,
  timezone,
  workflowId,
});

export function draftOf(schedule: Schedule): Draft {
  const { count, unit } = inLargestUnit(schedule.interval_seconds);
  const { trigger_payload } = schedule;
  return {
    name: schedule.name,
    description: schedule.description,
    workflowId: schedule.workflow_id,
    triggerNodeId: schedule.trigger_node_id,
    mode: schedule.cron === null ? 'interval' : 'cron',
    every: count,
    unit,
    cron: schedule.cron ?? '',
    timezone: schedule.timezone,
    startAt: schedule.start_at ?? '',
    endAt: schedule.end_at ?? '',
    repeats: schedule.total_repeats,
    retries: schedule.max_retries,
    timeout: schedule.timeout_seconds,
    jitter: schedule.jitter_seconds,
    misfire: schedule.misfire_policy,
    overlap: schedule.overlap_policy,
    payload: trigger_payload === null ? '' : JSON.stringify(trigger_payload, null, 2),
  };
}

const secondsOf = ({ every, unit }: Draft): number | undefined => {
  const size = UNITS.find((one) => one.unit === unit)?.seconds ?? 1;
  return every === null ? undefined : every * size;
};
const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** What decides when the schedule fires, as a preview is asked for it. */
export function timingOf(draft: Draft): InputOf<'schedules', 'preview'> {
  const isCron = draft.mode === 'cron';
  return {
    // A pattern that is still empty must not turn into an interval, so it is sent as it is.
    ...(isCron ? { cron: draft.cron.trim() } : { cron: null, interval_seconds: secondsOf(draft) }),
    timezone: draft.timezone,
    start_at: orNull(draft.startAt),
    end_at: orNull(draft.endAt),
    total_repeats: draft.repeats ?? 0,
  };
}

/** The fields of both creating and changing. */
export function settingsOf(draft: Draft) {
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    ...timingOf(draft),
    interval_seconds: draft.mode === 'cron' ? undefined : secondsOf(draft),
    max_retries: draft.retries ?? 0,
    timeout_seconds: draft.timeout ?? 600,
    jitter_seconds: draft.jitter ?? 0,
    misfire_policy: draft.misfire,
    overlap_policy: draft.overlap,
    trigger_payload: payloadOf(draft.payload),
  };
}

type Payload = InputOf<'schedules', 'create'>['trigger_payload'];

function payloadOf(text: string): NonNullable<Payload> | null {
  return text.trim() === '' ? null : (JSON.parse(text) as NonNullable<Payload>);
}

/** Why a payload cannot be sent; null when it can. */
export function payloadFault(text: string): string | null {
  if (text.trim() === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? null : 'Write an object, such as { "region": "north" }.';
  } catch (error) {
    return `This is not valid JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** What the form can see by itself; times and patterns are the server's to judge. */
export function faultsOf(draft: Draft): Faults {
  const payload = payloadFault(draft.payload);
  return {
    ...(draft.name.trim() === '' && { name: 'Give the schedule a name.' }),
    ...(draft.workflowId === null && { workflowId: 'Choose the workflow to run.' }),
    ...(draft.mode === 'interval' &&
      draft.every === null && { every: 'Say how long to wait between two runs.' }),
    ...(draft.mode === 'cron' &&
      draft.cron.trim() === '' && { cron: 'Write a pattern, such as 0 9 * * 1-5.' }),
    ...(payload !== null && { payload }),
  };
}

const FIELD_OF: Readonly<Record<string, keyof Draft>> = {
  name: 'name',
  description: 'description',
  workflow_id: 'workflowId',
  trigger_node_id: 'triggerNodeId',
  interval_seconds: 'every',
  cron: 'cron',
  timezone: 'timezone',
  start_at: 'startAt',
  end_at: 'endAt',
  total_repeats: 'repeats',
  max_retries: 'retries',
  timeout_seconds: 'timeout',
  jitter_seconds: 'jitter',
  trigger_payload: 'payload',
};

/** The server's complaints at the fields of the form; what belongs to none stands at the top. */
export function faultsFrom(problem: {
  readonly fields: Readonly<Record<string, string>>;
  readonly message: string;
}): Faults {
  const known = Object.entries(problem.fields).flatMap(([field, message]) => {
    const own = FIELD_OF[field.split('.')[0] ?? ''];
    return own ? [[own, message] as const] : [];
  });
  return known.length === 0 ? { '': problem.message } : (Object.fromEntries(known) as Faults);
}
