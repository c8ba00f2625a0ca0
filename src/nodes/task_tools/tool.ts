import type { Capabilities } from '#domain/node/executor.ts';
import { callOperation, pick } from '#domain/node/platform-call.ts';
import type { ToolExecutor } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';

type Arguments = Readonly<Record<string, unknown>>;
type Task = Record<string, unknown>;

const TASK = [
  'id',
  'epic_id',
  'title',
  'description',
  'status',
  'priority',
  'tags',
  'depends_on',
  'workflow_slug',
];
const OUTCOME = ['execution_id', 'result_summary', 'error_message', 'retry_count'];
const SHOWN = [...TASK, ...OUTCOME];

export const tool: ToolExecutor<typeof definition> = {
  call: async ({ function: name, args }, capabilities) => ({
    kind: 'done',
    result: await FUNCTIONS[name]?.(capabilities, args as Arguments),
  }),
};

type Work = (capabilities: Capabilities, args: Arguments) => Promise<unknown>;

const FUNCTIONS: Readonly<Record<string, Work>> = {
  create_task: async (capabilities, args) =>
    pick(await callOperation<Task>(capabilities, 'tasks.create', given(args)), SHOWN),
  list_tasks: async (capabilities, args) => {
    const { epic_id, status, tags, limit } = given(args) as { tags?: string[] } & Arguments;
    const input = given({ epic_id, status, limit, tags: tags?.join(',') });
    const page = await callOperation<{ items: readonly Task[]; total: number }>(
      capabilities,
      'tasks.list',
      input,
    );
    return { total: page.total, tasks: page.items.map((task) => pick(task, SHOWN)) };
  },
  update_task: async (capabilities, args) =>
    pick(await callOperation<Task>(capabilities, 'tasks.update', given(args)), SHOWN),
  cancel_task: async (capabilities, { task_id, reason }) => {
    const input = given({ task_id, status: 'cancelled', error_message: reason });
    return pick(await callOperation<Task>(capabilities, 'tasks.update', input), SHOWN);
  },
};

/** Models write null for what they do not want to say. */
const given = (args: Arguments): Arguments =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null && value !== undefined));
