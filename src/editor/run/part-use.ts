import type { CardState } from './step-view.ts';

/** What the canvas knows of a part's calls in the shown run. */
export interface PartUse {
  readonly state: CardState;
  /** Calls that were made, those that go on included. */
  readonly calls: number;
  readonly failed: number;
  /** By the node that called. */
  readonly hosts: Readonly<Record<string, HostUse>>;
  /** The function that was called last, and what came of it in short. */
  readonly last: { readonly name: string; readonly text: string } | null;
}

/** The calls of a part by one node. */
export interface HostUse {
  readonly calls: number;
  readonly open: number;
}

export type PartUses = Readonly<Record<string, PartUse>>;

export const NO_USES: PartUses = {};

const UNUSED: PartUse = { state: 'idle', calls: 0, failed: 0, hosts: {}, last: null };
const NO_HOST: HostUse = { calls: 0, open: 0 };

/** One message about a call of a part, as its `node_status` says it. */
export interface CallNews {
  readonly node: string;
  readonly host: string;
  readonly status: string;
  readonly name: string;
  /** The error, or the result in short. */
  readonly text: string;
}

/** The call in a `node_status`; null when it tells of a step. */
export function callNewsOf(data: Readonly<Record<string, unknown>>): CallNews | null {
  if (data['is_tool_call'] !== true) return null;
  return {
    node: String(data['node_id'] ?? ''),
    host: String(data['parent_node_id'] ?? ''),
    status: String(data['status'] ?? ''),
    name: String(data['tool_name'] ?? ''),
    text:
      typeof data['error'] === 'string' && data['error'] !== '' ? data['error'] : shortText(data['output']),
  };
}

const SHORT = 120;

/** A value in one short line. */
export function shortText(value: unknown): string {
  if (value === undefined || value === null) return '';
  const inner = onlyResult(value);
  const text = (typeof inner === 'string' ? inner : JSON.stringify(inner)).replaceAll(/\s+/g, ' ').trim();
  return text.length > SHORT ? `${text.slice(0, SHORT)}…` : text;
}

function onlyResult(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const [only, ...more] = Object.values(value);
  return more.length === 0 && typeof only === 'string' ? only : value;
}

/** The use of all parts after one more message; other parts keep their identity. */
export function afterCall(uses: PartUses, { node, host, status, name, text }: CallNews): PartUses {
  const use = uses[node] ?? UNUSED;
  const by = use.hosts[host] ?? NO_HOST;
  if (status === 'running') {
    // A call that waited goes on with the same message it began with.
    const goesOn = use.state === 'waiting' && by.open > 0;
    const hosts = goesOn ? use.hosts : { ...use.hosts, [host]: { calls: by.calls + 1, open: by.open + 1 } };
    const calls = goesOn ? use.calls : use.calls + 1;
    return { ...uses, [node]: { ...use, state: 'running', calls, hosts, last: { name, text: '' } } };
  }
  if (status === 'waiting') return { ...uses, [node]: { ...use, state: 'waiting', last: { name, text } } };
  if (status !== 'success' && status !== 'failed') return uses;
  // A finished call whose start was not heard of still counts.
  const calls = by.open > 0 ? use.calls : use.calls + 1;
  const own = { calls: by.open > 0 ? by.calls : by.calls + 1, open: Math.max(0, by.open - 1) };
  const hosts = { ...use.hosts, [host]: own };
  const isOpen = Object.values(hosts).some(({ open }) => open > 0);
  const failed = use.failed + (status === 'failed' ? 1 : 0);
  return {
    ...uses,
    [node]: { state: isOpen ? 'running' : status, calls, failed, hosts, last: { name, text } },
  };
}

/** Once a run is over no call goes on. */
export function settledUses(uses: PartUses): PartUses {
  const open = Object.entries(uses).filter(([, use]) => use.state === 'running' || use.state === 'waiting');
  if (open.length === 0) return uses;
  const closed = open.map(([id, use]) => {
    const hosts = Object.entries(use.hosts).map(([host, { calls }]) => [host, { calls, open: 0 }] as const);
    return [id, { ...use, state: 'cancelled' as const, hosts: Object.fromEntries(hosts) }] as const;
  });
  return { ...uses, ...Object.fromEntries(closed) };
}
