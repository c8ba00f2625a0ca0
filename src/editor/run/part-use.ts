import type { CardState } from './step-view.ts';
import { type StepUsage, sumOf, usageOf } from './usage.ts';

/** What the canvas knows of a part's calls in the shown run. */
export interface PartUse {
  readonly state: CardState;
  /** Calls that were made, those that go on included. */
  readonly calls: number;
  readonly failed: number;
  /** The calls that go on, each with the node that made it. */
  readonly open: Readonly<Record<string, string>>;
  /** How many calls each node made. */
  readonly byHost: Readonly<Record<string, number>>;
  /** Of all calls that have ended, in milliseconds; null while none has said how long it took. */
  readonly ms: number | null;
  /** Of a model. */
  readonly usage: StepUsage | null;
  /** The function that was called last, and what came of it in short. */
  readonly last: { readonly name: string; readonly text: string } | null;
}

export type PartUses = Readonly<Record<string, PartUse>>;

export const NO_USES: PartUses = {};

const UNUSED: PartUse = {
  ...{ state: 'idle', calls: 0, failed: 0, open: {}, byHost: {} },
  ...{ ms: null, usage: null, last: null },
};

/** One message about a call of a part. */
export interface CallNews {
  readonly node: string;
  readonly host: string;
  /** Tells the calls of a run apart; the same when a call begins anew. */
  readonly key: string;
  readonly status: string;
  readonly name: string;
  /** The error, or the result in short. */
  readonly text: string;
  readonly ms?: number | null;
  readonly usage?: StepUsage | null;
}

/** The call of a tool, or the use of another part, in a `node_status`; null when it tells of a step. */
export function callNewsOf(data: Readonly<Record<string, unknown>>): CallNews | null {
  if (data['is_tool_call'] !== true && data['is_part_call'] !== true) return null;
  const word = (key: string): string => (typeof data[key] === 'string' ? data[key] : '');
  const host = word('parent_node_id');
  return {
    node: word('node_id'),
    host,
    key: `${host}${word('scope')} ${word('call_key')}`,
    status: word('status'),
    name: word('tool_name') || word('call_name'),
    text: word('error') === '' ? shortText(data['output']) : word('error'),
    ms: typeof data['duration_ms'] === 'number' ? data['duration_ms'] : null,
    usage: usageOf(data['token_usage']),
  };
}

interface StoredCall {
  readonly node_id: string;
  readonly scope: string;
  readonly key: string;
  readonly title: string;
  readonly tool_node_id: string | null;
  readonly is_error: boolean;
  readonly result: unknown;
  readonly duration_ms: number;
}

/** The use of all parts by what is recorded of a run. */
export function usesOfCalls(calls: readonly StoredCall[]): PartUses {
  return calls.reduce((uses, call) => {
    const { tool_node_id: node, node_id: host, scope, key, title, is_error, result } = call;
    if (node === null) return uses;
    const status = is_error ? 'failed' : 'success';
    return afterCall(uses, {
      node,
      host,
      key: `${host}${scope} ${key}`,
      status,
      name: title,
      text: shortText(result),
      ms: call.duration_ms,
    });
  }, NO_USES);
}

const SHORT = 120;

/** A value in one short line. */
export function shortText(value: unknown): string {
  if (value === undefined || value === null) return '';
  const inner = onlyResult(value);
  const text = (typeof inner === 'string' ? inner : (JSON.stringify(inner) ?? ''))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text.length > SHORT ? `${text.slice(0, SHORT)}…` : text;
}

/** Of a result that is the only thing in an object, and of a recorded error, what it says. */
function onlyResult(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if ('error' in value && typeof value.error === 'string') return value.error;
  const [only, ...more] = Object.values(value);
  return more.length === 0 ? only : value;
}

/** The use of all parts after one more message; other parts keep their identity. */
export function afterCall(uses: PartUses, call: CallNews): PartUses {
  const { node, host, key, status, name, text } = call;
  const use = uses[node] ?? UNUSED;
  const isOpen = Object.hasOwn(use.open, key);
  // A finished call whose start was not heard of still counts.
  const counted = isOpen
    ? use
    : { ...use, calls: use.calls + 1, byHost: { ...use.byHost, [host]: (use.byHost[host] ?? 0) + 1 } };
  if (status === 'running' || status === 'waiting') {
    const open = { ...use.open, [key]: host };
    return { ...uses, [node]: { ...counted, state: status, open, last: { name, text } } };
  }
  if (status !== 'success' && status !== 'failed') return uses;
  const { [key]: _, ...open } = use.open;
  const state = Object.keys(open).length > 0 ? 'running' : status;
  const failed = use.failed + (status === 'failed' ? 1 : 0);
  const ms = typeof call.ms === 'number' ? (use.ms ?? 0) + call.ms : use.ms;
  const usage = sumOf(use.usage, call.usage ?? null);
  return { ...uses, [node]: { ...counted, state, failed, open, ms, usage, last: { name, text } } };
}

/** Once a step is over, nothing goes on that it has called; a process that died may not have said how it ended. */
export function usesAfterStep(uses: PartUses, host: string, state: CardState): PartUses {
  const over = Object.entries(uses).filter(([, use]) => Object.values(use.open).includes(host));
  if (over.length === 0) return uses;
  const closed = over.map(([id, use]) => {
    const open = Object.fromEntries(Object.entries(use.open).filter(([, by]) => by !== host));
    return [id, { ...use, open, state: Object.keys(open).length > 0 ? use.state : state }] as const;
  });
  return { ...uses, ...Object.fromEntries(closed) };
}

/** The use of all parts by what the messages of a run say; null when they say nothing of it. */
export function usesOfEvents(
  messages: readonly { readonly type: string; readonly data: Readonly<Record<string, unknown>> }[],
): PartUses | null {
  const calls = messages.flatMap(({ type, data }) => (type === 'node_status' && callNewsOf(data)) || []);
  return calls.length === 0 ? null : settledUses(calls.reduce(afterCall, NO_USES));
}

/** Once a run is over no call goes on. */
export function settledUses(uses: PartUses): PartUses {
  const open = Object.entries(uses).filter(([, use]) => Object.keys(use.open).length > 0);
  if (open.length === 0) return uses;
  const closed = open.map(([id, use]) => [id, { ...use, state: 'cancelled' as const, open: {} }] as const);
  return { ...uses, ...Object.fromEntries(closed) };
}
