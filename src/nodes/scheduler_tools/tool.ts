import type { z } from 'zod';
import type { Capabilities } from '#domain/node/executor.ts';
import { callOperation, pick } from '#domain/node/platform-call.ts';
import type { ToolExecutor } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';
import type { createArguments, listArguments } from './functions.ts';

interface Schedule {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly cron: string | null;
  readonly interval_seconds: number;
  readonly next_run_at: string | null;
  readonly run_count: number;
  readonly error_count: number;
  readonly last_error: string;
  readonly workflow_slug?: string;
}

const SHOWN = [
  'id',
  'name',
  'status',
  'workflow_slug',
  'cron',
  'interval_seconds',
  'next_run_at',
  'run_count',
  'error_count',
  'last_error',
] as const satisfies readonly (keyof Schedule)[];

const OPERATIONS: Readonly<Record<string, string>> = {
  pause_schedule: 'schedules.pause',
  resume_schedule: 'schedules.resume',
};

export const tool: ToolExecutor<typeof definition> = {
  call: async ({ function: name, args }, capabilities) => {
    if (name === 'create_schedule') return done(await create(capabilities, args as Create));
    if (name === 'list_schedules') return done(await list(capabilities, args as List));
    const { schedule_id } = args as { readonly schedule_id: string };
    const operation = OPERATIONS[name];
    if (operation) {
      const schedule = await callOperation<Schedule>(capabilities, operation, { schedule_id });
      return done(pick(schedule, SHOWN));
    }
    await callOperation(capabilities, 'schedules.remove', { schedule_id });
    return done({ schedule_id, stopped: true });
  },
};

const done = (result: unknown) => ({ kind: 'done', result }) as const;

type Create = z.output<typeof createArguments>;
type List = z.output<typeof listArguments>;

async function create(capabilities: Capabilities, { workflow_slug, ...rest }: Create) {
  const workflow_id = workflow_slug
    ? (await callOperation<{ id: number }>(capabilities, 'workflows.get', { workflow_slug })).id
    : capabilities.place().workflowId;
  const given = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined);
  const input = { ...Object.fromEntries(given), workflow_id };
  return pick(await callOperation<Schedule>(capabilities, 'schedules.create', input), SHOWN);
}

async function list(capabilities: Capabilities, { status, q, limit }: List) {
  const page = await callOperation<{ items: readonly Schedule[]; total: number }>(
    capabilities,
    'schedules.list',
    { limit, ...(status && { status }), ...(q && { q }) },
  );
  return { total: page.total, schedules: page.items.map((schedule) => pick(schedule, SHOWN)) };
}
