import { z } from 'zod';

/**
 * `GET /api/v1/workflows/{slug}/chat/stream?execution_id=` and, for visitors, `GET /api/v1/chat/{page_id}/stream
 * ?execution_id=` answer text/event-stream. Each event's name is `type`, its data the rest of the object as JSON. What
 * is being written when the stream is opened comes first, as one delta; events of the run come from its beginning, or
 * after the `Last-Event-ID` that is sent. `end` is the last one; the answer is in the history by then. A comment line
 * keeps the connection alive every 15 seconds.
 *
 * The socket carries the same deltas as `{type: 'chat_delta', channel, execution_id, timestamp, data}` to subscribers
 * of `execution:<id>` and `workflow:<slug>`. Deltas have no `seq`: a slow reader loses some, never events. The text is
 * complete in the `message` that follows, so a reader puts that in the place of what it has collected.
 */
export const chatDelta = z.object({
  node_id: z.string(),
  /** Which answer of the node, from 1: each is followed by its tool calls, if any, and then by the next turn. */
  turn: z.int(),
  /**
   * text: more of the answer. reasoning: more of what the model thinks. restart: forget what came of this turn.
   * end: the turn is complete.
   */
  kind: z.enum(['text', 'reasoning', 'restart', 'end']),
  text: z.string(),
});

export const chatStreamEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('delta'), ...chatDelta.shape }),
  /** A node began or ended, as in the event node_status of the socket; members only. */
  z.object({
    type: z.literal('node'),
    node_id: z.string(),
    status: z.string(),
    node_label: z.string(),
    tool_name: z.string().nullable(),
    parent_node_id: z.string().nullable(),
    is_tool_call: z.boolean(),
    error: z.string().nullable(),
  }),
  /** A whole turn, as it was recorded. */
  z.object({ type: z.literal('message'), node_id: z.string(), text: z.string() }),
  /** The run has ended; `text` is what the history has as its answer. */
  z.object({
    type: z.literal('end'),
    status: z.enum(['completed', 'failed', 'cancelled']),
    text: z.string(),
    message_id: z.string().nullable(),
    error_code: z.string().nullable(),
  }),
]);
export type ChatStreamEvent = z.output<typeof chatStreamEvent>;
