import type { FinalStatus } from '#domain/run/fact.ts';
import { jsonText } from './json-text.ts';
import type { RunEnd } from './run-record.ts';
import type { RunHead } from './stored-run.ts';

interface Ending {
  readonly status: FinalStatus;
  readonly outputJson: string | null;
  readonly errorJson: string | null;
  readonly stopChildren: boolean;
  /** It has a node that talks or remembers. */
  readonly isRemembered: boolean;
}

/** What starts runs that the after-run hook hears of however they end. */
const FOLLOWED_KINDS: ReadonlySet<string> = new Set(['schedule', 'chat', 'telegram', 'gateway']);

/** What follows from the end of a run for others; null when nothing does. */
export function runEnd(
  head: RunHead,
  { status, outputJson, errorJson, stopChildren, isRemembered }: Ending,
): RunEnd | null {
  const { parent } = head;
  const follow = status === 'failed' || isRemembered || FOLLOWED_KINDS.has(head.triggerKind);
  if (!parent && !follow && !stopChildren) return null;
  if (!parent) return { follow, stopChildren, parent: null };
  const { executionId, node, scope, source } = parent;
  // The parts are JSON text already.
  const value = [
    `"execution_id":${jsonText(head.id)}`,
    `"status":${jsonText(status)}`,
    `"output":${outputJson ?? 'null'}`,
    `"error":${errorJson ?? 'null'}`,
  ];
  return {
    follow,
    stopChildren,
    parent: { executionId, node, scope, source, valueJson: `{${value.join(',')}}` },
  };
}
