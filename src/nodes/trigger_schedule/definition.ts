import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { cronProblem, timezoneProblem } from '#domain/schedule/cron.ts';
import {
  DEFAULT_TIMEZONE,
  MAX_INTERVAL_SECONDS,
  MAX_JITTER_SECONDS,
  MISFIRE_POLICIES,
  OVERLAP_POLICIES,
} from '#domain/schedule/timing.ts';

const MAX_COUNT = 1_000_000;
const YEAR_SECONDS = 31_536_000;

const isTime = (text: string): boolean => text.trim() === '' || !Number.isNaN(Date.parse(text));
const timeField = () =>
  z.string().max(100).default('').refine(isTime, 'Write a date and time such as 2026-05-01T09:00:00Z.');

const config = z.object({
  interval_seconds: z
    .int()
    .min(1, 'interval_seconds must be >= 1')
    .max(MAX_INTERVAL_SECONDS)
    .default(300)
    .describe('Seconds between two runs; the first comes after one interval. With cron: between retries.')
    .meta({ title: 'Interval (seconds)', field: { group: 'required' } }),
  cron: z
    .string()
    .max(200)
    .default('')
    .superRefine((pattern, context) => {
      const problem = pattern.trim() === '' ? null : cronProblem(pattern, DEFAULT_TIMEZONE);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    })
    .describe('Minute, hour, day of month, month, day of week. Leave empty to use the interval.')
    .meta({ title: 'Cron', field: { group: 'required', placeholder: '30 9 * * 1-5' } }),
  timezone: z
    .string()
    .max(100)
    .default(DEFAULT_TIMEZONE)
    .superRefine((timezone, context) => {
      const problem = timezoneProblem(timezone);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    })
    .describe('The time zone cron is read in, by its IANA name.')
    .meta({ title: 'Time zone', field: { group: 'common', placeholder: 'Europe/Berlin' } }),
  start_at: timeField()
    .describe('No run before this time. Empty: from now on.')
    .meta({
      title: 'Start',
      format: 'date-time',
      field: { group: 'common', placeholder: '2026-05-01T09:00:00Z' },
    }),
  end_at: timeField()
    .describe('No run after this time. Empty: without end.')
    .meta({
      title: 'End',
      format: 'date-time',
      field: { group: 'common', placeholder: '2026-12-31T18:00:00Z' },
    }),
  total_repeats: z
    .int()
    .min(0)
    .max(MAX_COUNT)
    .default(0)
    .describe('Runs until it is done; 0 is without end.')
    .meta({ title: 'Repeats', field: { group: 'common' } }),
  max_retries: z
    .int()
    .min(0)
    .max(MAX_COUNT)
    .default(3)
    .describe('Failed runs in a row after which the schedule gives up. The pause doubles with each.')
    .meta({ title: 'Retries', field: { group: 'common' } }),
  timeout_seconds: z
    .int()
    .min(1)
    .max(YEAR_SECONDS)
    .default(600)
    .describe('How long each run may take.')
    .meta({ title: 'Longest run (seconds)', field: { group: 'common' } }),
  jitter_seconds: z
    .int()
    .min(0)
    .max(MAX_JITTER_SECONDS)
    .default(0)
    .describe('Puts each run off by up to this, so that many schedules do not start at once.')
    .meta({ title: 'Jitter (seconds)', field: { group: 'advanced' } }),
  misfire_policy: z
    .enum(MISFIRE_POLICIES)
    .default('once')
    .describe('Runs missed while Pipewright was down: make up for none, the newest, or all of the last hour.')
    .meta({ title: 'Missed runs', field: { control: 'select', group: 'advanced' } }),
  overlap_policy: z
    .enum(OVERLAP_POLICIES)
    .default('skip')
    .describe('While the run before has not ended: leave the new one out, let it wait, or run both.')
    .meta({ title: 'Overlap', field: { control: 'select', group: 'advanced' } }),
  trigger_payload: z
    .record(z.string(), z.json())
    .default({})
    .describe('Handed to every run.')
    .meta({ title: 'Payload', field: { control: 'json', language: 'json', group: 'common' } }),
});

const UNITS = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

function everyText(seconds: number): string {
  const [size, word] = UNITS.find(([unit]) => seconds % unit === 0) ?? [1, 'second'];
  const count = seconds / size;
  return count === 1 ? `Every ${word}` : `Every ${count} ${word}s`;
}

export const definition = defineNode({
  type: 'trigger_schedule',
  title: 'Schedule trigger',
  summary: 'Starts the workflow again and again: at an interval, or when a cron pattern says so.',
  icon: 'calendar-clock',
  category: 'trigger',
  trigger: 'schedule',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: () => ({
    inputs: [],
    outputs: [
      {
        name: 'timestamp',
        type: 'string',
        label: 'Timestamp',
        description: 'The time this run was meant for, UTC. A run that was put off still has its own time.',
      },
      {
        name: 'payload',
        type: 'object',
        label: 'Payload',
        description: '{ scheduled_job_id, scheduled_job_name, repeat_number, timestamp, payload }.',
      },
    ],
  }),
  subtitle: ({ cron, interval_seconds, timezone }) =>
    cron.trim() === '' ? everyText(interval_seconds) : `${cron.trim()} · ${timezone}`,
  verbatim: ['cron', 'timezone', 'start_at', 'end_at', 'trigger_payload'],
  docs: `Starts a run at fixed times. Draw the node, set its times, then press **Start**: that makes a schedule of its
own, with status, counters and the record of every fire. Press **Start** again after changing the times here.

- **Interval** counts in seconds; the first run comes after one interval.
- **Cron** takes the interval's place: \`30 9 * * 1-5\` is half past nine on working days, in the **time zone** given.
  A time that daylight saving skips comes right after the gap; one that it repeats comes once.
- **Missed runs** (the server was down) are made up for once by default, and only for the last hour.
- **Overlap** says what happens while the run before has not ended.

Later nodes read \`{{ trigger.timestamp }}\`, \`{{ trigger.repeat_number }}\` and your own payload as
\`{{ trigger.payload.region }}\`.

**Example.** Cron \`0 7 * * *\`, time zone \`Europe/Berlin\`, payload \`{ "region": "north" }\`, then an HTTP request to
\`https://example.com/report?region={{ trigger.payload.region }}\`.

**When it goes wrong.**
- *dead*: more runs failed in a row than **Retries** allows. Mend the workflow, then press **Start**.
- *skipped_overlap* in the record: the run before was still going. Make the interval longer, or let runs wait.
- *misfired*: nothing was there to make the run at its time.
- *skipped_inactive*: the workflow or this node is switched off.`,
});
