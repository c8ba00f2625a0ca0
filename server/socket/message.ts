import type { RunEvent, RunRoot } from '#domain/run/event.ts';
import type { LivePiece } from '#server/live/live-piece.ts';

export type ClientMessage =
  | { readonly type: 'subscribe'; readonly channel: string; readonly afterSeq: number | null }
  | { readonly type: 'unsubscribe'; readonly channel: string }
  | { readonly type: 'ping' }
  | { readonly type: 'pong' };

const MAX_CHANNEL = 300;

/** What a client sent as text, or null when it is nothing we know. */
export function readClientMessage(text: string): ClientMessage | null {
  const value = parsed(text);
  if (value === null) return null;
  const { type, channel } = value;
  if (type === 'ping' || type === 'pong') return { type };
  if (typeof channel !== 'string' || channel === '' || channel.length > MAX_CHANNEL) return null;
  if (type === 'unsubscribe') return { type, channel };
  if (type !== 'subscribe') return null;
  const after = value.after_seq ?? null;
  if (after !== null && !(Number.isSafeInteger(after) && Number(after) >= 0)) return null;
  return { type, channel, afterSeq: after === null ? null : Number(after) };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** A message as the bytes of one text frame. */
export const frameOf = (message: object): Buffer => Buffer.from(JSON.stringify(message));

export const channelOfRun = (executionId: string): string => `execution:${executionId}`;

/** A run event on one channel; the run's id is in the envelope and, for older clients, in the data too. */
export function runFrame(channel: string, executionId: string, event: RunEvent): Buffer {
  return frameOf({
    type: event.type,
    channel,
    execution_id: executionId,
    seq: event.seq,
    timestamp: event.timestamp,
    data: { ...event.data, execution_id: executionId },
  });
}

/** What a step of a run within a run does, on a channel of the topmost. It has no number: it is that run's own event. */
export function childFrame(channel: string, executionId: string, root: RunRoot, event: RunEvent): Buffer {
  return frameOf({
    type: 'child_node_status',
    channel,
    execution_id: root.executionId,
    timestamp: event.timestamp,
    data: {
      ...event.data,
      execution_id: root.executionId,
      child_execution_id: executionId,
      parent_node_id: root.parentNode,
      is_child_event: true,
    },
  });
}

/** A piece of an answer on one channel. It has no number: nobody can ask for it again. */
export function deltaFrame(channel: string, { executionId, node, turn, kind, text }: LivePiece): Buffer {
  return frameOf({
    type: 'chat_delta',
    channel,
    execution_id: executionId,
    timestamp: Date.now() / 1000,
    data: { node_id: node, turn, kind, text, execution_id: executionId },
  });
}
