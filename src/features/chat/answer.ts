import type { ExecutionStatus } from '#domain/run/event.ts';

/** How something the answer did went, in the words of `StatusIcon`. */
export type ActivityState = 'queued' | 'running' | 'waiting' | 'success' | 'failed' | 'skipped' | 'cancelled';

/** A step of the run, or one call of a tool. */
export interface Activity {
  readonly kind: 'node' | 'tool';
  /** Unique within the answer. */
  readonly key: string;
  readonly nodeId: string;
  /** For people: the node's label, or the name of the tool's function. */
  readonly title: string;
  /** The node that called the tool. */
  readonly parent: string | null;
  readonly state: ActivityState;
  /** Milliseconds. */
  readonly durationMs: number | null;
  readonly error: string | null;
  readonly input: unknown;
  readonly output: unknown;
}

/** A stretch of text that one node said. */
export interface Passage {
  readonly kind: 'text';
  readonly key: string;
  readonly nodeId: string;
  /** Which answer of the node, from 1; 0 where it is not known. */
  readonly turn: number;
  readonly text: string;
  /** What the model thought before, where it tells. */
  readonly reasoning: string;
  /** More of it may come. */
  readonly open: boolean;
  /** The text is what was recorded, not what was gathered. */
  readonly recorded: boolean;
}

export type AnswerItem = Passage | Activity;

/** What an answer cost. */
export interface Spent {
  readonly tokens: number;
  readonly costUsd: number;
  readonly calls: number;
  readonly durationMs: number;
}

/** One answer of a workflow as far as it is known. */
export interface Answer {
  readonly executionId: string;
  readonly status: ExecutionStatus;
  /** Texts and tool calls in the order they began, and the steps around them. */
  readonly items: readonly AnswerItem[];
  readonly error: string | null;
  readonly spent: Spent | null;
}

/** What came over the wire: an event of the run, or a piece of text that is being written. */
export interface AnswerMessage {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const answerOf = (executionId: string): Answer => ({
  executionId,
  status: 'pending',
  items: [],
  error: null,
  spent: null,
});

export const isOver = ({ status }: Pick<Answer, 'status'>): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';

export const passagesOf = ({ items }: Pick<Answer, 'items'>): Passage[] =>
  items.filter((item) => item.kind === 'text');

/** Everything the answer says. */
export const textOf = (answer: Pick<Answer, 'items'>): string =>
  passagesOf(answer)
    .map((one) => one.text)
    .filter((text) => text !== '')
    .join('\n\n');

/** The answer after some messages, in order. Items that nothing was said of keep their identity. */
export function afterMessages(answer: Answer, messages: readonly AnswerMessage[]): Answer {
  return messages.reduce(afterOne, answer);
}

function afterOne(answer: Answer, { type, data }: AnswerMessage): Answer {
  switch (type) {
    case 'chat_delta':
      return { ...answer, status: awake(answer.status), items: withPiece(answer.items, data) };
    case 'chat_message':
      return { ...answer, items: withSaid(answer.items, data) };
    case 'node_enqueued':
    case 'node_status':
      // The step itself says what its model and its memory do.
      if (data['is_part_call'] === true) return answer;
      return { ...answer, status: awake(answer.status), items: withActivity(answer.items, data) };
    default:
      return runAfter(answer, type, data);
  }
}

/** No message says that a run goes on after a question was answered; what it does tells. */
const awake = (status: ExecutionStatus): ExecutionStatus =>
  status === 'pending' || status === 'interrupted' ? 'running' : status;

function runAfter(answer: Answer, type: string, data: AnswerMessage['data']): Answer {
  switch (type) {
    case 'execution_started':
      return { ...answer, status: 'running' };
    case 'execution_interrupted':
      return { ...answer, status: 'interrupted' };
    case 'execution_completed':
      return {
        ...answer,
        status: 'completed',
        items: settled(answer.items, 'skipped'),
        spent: spentOf(data),
      };
    case 'execution_failed':
      return {
        ...answer,
        status: 'failed',
        error: textIn(data, 'error') ?? 'The workflow failed.',
        items: settled(answer.items, 'cancelled'),
        spent: spentOf(data),
      };
    case 'execution_cancelled':
      return { ...answer, status: 'cancelled', items: settled(answer.items, 'cancelled') };
    default:
      return answer;
  }
}

/** Once the run is over nothing may look as if it still went on. */
function settled(items: readonly AnswerItem[], end: ActivityState): AnswerItem[] {
  return items.map((item) => {
    if (item.kind === 'text') return item.open ? { ...item, open: false } : item;
    return isEnded(item.state) ? item : { ...item, state: end };
  });
}

const ENDED: ReadonlySet<ActivityState> = new Set(['success', 'failed', 'skipped', 'cancelled']);
export const isEnded = (state: ActivityState): boolean => ENDED.has(state);

function withPiece(items: readonly AnswerItem[], data: AnswerMessage['data']): AnswerItem[] {
  const nodeId = textIn(data, 'node_id') ?? '';
  const turn = typeof data['turn'] === 'number' ? data['turn'] : 1;
  const key = `text:${nodeId}:${turn}`;
  const text = textIn(data, 'text') ?? '';
  const known = items.find((item): item is Passage => item.key === key && item.kind === 'text');
  const fresh = { kind: 'text' as const, key, nodeId, turn, text: '', reasoning: '' };
  const now = known ?? { ...fresh, open: true, recorded: false };
  if (now.recorded) return [...items];
  switch (data['kind']) {
    case 'restart':
      return known ? put(items, { ...now, text: '', reasoning: '', open: true }) : [...items];
    case 'end':
      return known ? put(items, { ...now, open: false }) : [...items];
    case 'reasoning':
      return put(items, { ...now, reasoning: now.reasoning + text, open: true });
    default:
      return put(items, { ...now, text: now.text + text, open: true });
  }
}

/**
 * A whole turn, as it was recorded; it takes the place of what was gathered of it. Records come in the order of the
 * turns, but later than the words: the next turn may be there already.
 */
function withSaid(items: readonly AnswerItem[], data: AnswerMessage['data']): AnswerItem[] {
  const nodeId = textIn(data, 'node_id') ?? '';
  const text = textIn(data, 'text') ?? '';
  const own = items.filter((item): item is Passage => item.kind === 'text' && item.nodeId === nodeId);
  const open = own.filter((item) => !item.recorded);
  const gathered = open.find((item) => isPartOf(item.text, text));
  if (gathered) return put(items, { ...gathered, text, open: false, recorded: true });
  // A reply often hands on what the agent before it has just said.
  const last = items.findLast((item) => item.kind === 'text');
  if (own.some((item) => item.text === text) || last?.text.trim() === text.trim()) return [...items];
  const passage = {
    kind: 'text' as const,
    nodeId,
    turn: 0,
    text,
    reasoning: '',
    open: false,
    recorded: true,
  };
  return placed(items, { ...passage, key: `said:${nodeId}:${own.length}` }, open[0]?.key);
}

const BEGINNING = 24;

/** Whoever joins late misses the beginning, and a slow reader some of the middle. */
function isPartOf(gathered: string, whole: string): boolean {
  const part = gathered.trim();
  return part !== '' && (whole.trim().endsWith(part) || whole.trim().startsWith(part.slice(0, BEGINNING)));
}

const STATES: Readonly<Record<string, ActivityState>> = {
  pending: 'queued',
  running: 'running',
  waiting: 'waiting',
  success: 'success',
  failed: 'failed',
  skipped: 'skipped',
  cancelled: 'cancelled',
};

function withActivity(items: readonly AnswerItem[], data: AnswerMessage['data']): AnswerItem[] {
  const nodeId = textIn(data, 'node_id');
  if (nodeId === null) return [...items];
  const tool = data['is_tool_call'] === true;
  const state = STATES[textIn(data, 'status') ?? 'pending'] ?? 'queued';
  const known = items.find((item): item is Activity => item.key === keyOf(items, data, tool));
  const title = textIn(data, tool ? 'tool_name' : 'node_label') ?? textIn(data, 'display_name');
  const activity: Activity = {
    kind: tool ? 'tool' : 'node',
    key: known?.key ?? keyOf(items, data, tool),
    nodeId,
    title: title ?? known?.title ?? nodeId,
    parent: textIn(data, 'parent_node_id') ?? known?.parent ?? null,
    state,
    durationMs: typeof data['duration_ms'] === 'number' ? data['duration_ms'] : (known?.durationMs ?? null),
    error: state === 'failed' ? textIn(data, 'error') : null,
    input: data['arguments'] ?? data['input'] ?? known?.input,
    output: tool ? (resultIn(data['output']) ?? known?.output) : (data['output'] ?? known?.output),
  };
  if (known) return put(items, activity);
  return placed(
    items,
    activity,
    tool ? laterTurn(items, activity, textIn(data, 'call_key'))?.key : undefined,
  );
}

/** Words of the next turn may come before the record of the calls that led to it. */
function laterTurn(
  items: readonly AnswerItem[],
  { parent }: Activity,
  callKey: string | null,
): AnswerItem | undefined {
  const turn = Number(/^tool:(\d+):/.exec(callKey ?? '')?.[1] ?? Number.NaN);
  return items.find((item) => item.kind === 'text' && item.nodeId === parent && item.turn > turn);
}

/** Calls of one tool are told apart by their key; without one, a start after an end is a new call. */
function keyOf(items: readonly AnswerItem[], data: AnswerMessage['data'], tool: boolean): string {
  const nodeId = textIn(data, 'node_id') ?? '';
  const scope = textIn(data, 'scope') ?? '';
  if (!tool) return `node:${nodeId}${scope}`;
  const parent = textIn(data, 'parent_node_id') ?? '';
  const call = textIn(data, 'call_key');
  if (call !== null) return `tool:${parent}:${nodeId}${scope}:${call}`;
  const start = `tool:${parent}:${nodeId}${scope}#`;
  const calls = items.filter((item): item is Activity => item.key.startsWith(start));
  const last = calls.at(-1);
  return last && !isEnded(last.state) ? last.key : `${start}${calls.length}`;
}

/** With a new item before the one of that key, else at the end. */
function placed(items: readonly AnswerItem[], item: AnswerItem, key: string | undefined): AnswerItem[] {
  const at = key === undefined ? -1 : items.findIndex((one) => one.key === key);
  return at < 0 ? [...items, item] : items.toSpliced(at, 0, item);
}

function put(items: readonly AnswerItem[], item: AnswerItem): AnswerItem[] {
  const at = items.findIndex((one) => one.key === item.key);
  return at < 0 ? [...items, item] : items.with(at, item);
}

function spentOf(data: AnswerMessage['data']): Spent | null {
  const summary = data['activity_summary'];
  if (typeof summary !== 'object' || summary === null) return null;
  const number = (name: string): number => {
    const value: unknown = (summary as Readonly<Record<string, unknown>>)[name];
    return typeof value === 'number' ? value : 0;
  };
  return {
    tokens: number('total_tokens'),
    costUsd: number('total_cost_usd'),
    calls: number('llm_calls'),
    durationMs: number('total_duration_ms'),
  };
}

/** What a tool gave comes as `{ result }`. */
function resultIn(output: unknown): unknown {
  if (typeof output !== 'object' || output === null || !('result' in output)) return output;
  return output.result;
}

function textIn(data: AnswerMessage['data'], name: string): string | null {
  const value = data[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
