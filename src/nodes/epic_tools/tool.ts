import type { Capabilities } from '#domain/node/executor.ts';
import { callOperation, pick } from '#domain/node/platform-call.ts';
import type { ToolExecutor } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';

type Arguments = Readonly<Record<string, unknown>>;
interface Page {
  readonly items: readonly Record<string, unknown>[];
  readonly total: number;
}

const EPIC = ['id', 'title', 'description', 'status', 'priority', 'tags', 'budget_tokens', 'budget_usd'];
const PROGRESS = [
  'spent_tokens',
  'spent_usd',
  'total_tasks',
  'completed_tasks',
  'failed_tasks',
  'result_summary',
];
const TASK = ['id', 'title', 'status', 'priority', 'depends_on', 'result_summary', 'error_message'];
const TASKS_SHOWN = 100;

export const tool: ToolExecutor<typeof definition> = {
  call: async ({ function: name, args }, capabilities) => ({
    kind: 'done',
    result: await FUNCTIONS[name]?.(capabilities, args as Arguments),
  }),
};

type Work = (capabilities: Capabilities, args: Arguments) => Promise<unknown>;

const FUNCTIONS: Readonly<Record<string, Work>> = {
  create_epic: async (capabilities, args) => {
    const workflow_id = capabilities.place().workflowId;
    const input = { ...given(args), workflow_id };
    return pick(await callOperation<Record<string, unknown>>(capabilities, 'epics.create', input), EPIC);
  },
  epic_status: async (capabilities, { epic_id }) => {
    const epic = await callOperation<Record<string, unknown>>(capabilities, 'epics.get', { epic_id });
    const tasks = await callOperation<Page>(capabilities, 'epics.tasks', { epic_id, limit: TASKS_SHOWN });
    const shown = tasks.items.map((task) => pick(task, TASK));
    return { ...pick(epic, [...EPIC, ...PROGRESS]), tasks: shown };
  },
  update_epic: async (capabilities, args) => {
    const epic = await callOperation<Record<string, unknown>>(capabilities, 'epics.update', given(args));
    return pick(epic, [...EPIC, ...PROGRESS]);
  },
  search_epics: async (capabilities, args) => {
    const { query, tags, status, limit } = args as {
      query?: string;
      tags?: string[];
      status?: string;
      limit: number;
    };
    const input = {
      limit,
      ...(query && { q: query }),
      ...(status && { status }),
      ...(tags && { tags: tags.join(',') }),
    };
    const page = await callOperation<Page>(capabilities, 'epics.list', input);
    return { total: page.total, epics: page.items.map((epic) => pick(epic, [...EPIC, ...PROGRESS])) };
  },
};

/** Models write null for what they do not want to say. */
const given = (args: Arguments): Arguments =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null && value !== undefined));
