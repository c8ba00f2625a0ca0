import type { ChatStreamEvent } from '#contract/chat-stream.ts';
import type { RunEvent } from '#domain/run/event.ts';
import type { Db } from '#server/db/connection.ts';
import type { Engine } from '#server/engine/engine.ts';
import type { LiveBus } from '#server/live/live-bus.ts';
import { type LivePiece, runTopic } from '#server/live/live-piece.ts';
import { settleAnswer } from './answer.ts';

export interface StreamSources {
  readonly db: Db;
  readonly engine: Pick<Engine, 'readEvents'>;
  readonly liveBus: LiveBus;
  readonly wakes: RunWakes;
}

/** Where a stream is written. */
export interface StreamSink {
  /** `id`: where a reader goes on after it. Resolves once more may be written. */
  event(event: ChatStreamEvent, id: number | null): Promise<void>;
  /** May be lost. */
  delta(event: ChatStreamEvent): void;
  /** Aborts when nobody reads any more. */
  readonly signal: AbortSignal;
}

export interface StreamWish {
  readonly executionId: string;
  readonly afterSeq: number;
  /** Visitors see what is said, not how it comes about. */
  readonly forVisitor: boolean;
}

const PAGE = 100;
/** Announcements may be lost. */
const LOOK_AGAIN_MS = 5000;
const ENDS: ReadonlySet<string> = new Set(['execution_completed', 'execution_failed', 'execution_cancelled']);

/** Everything a run says, from its beginning (or an event of it) to its end; resolves after that. */
export async function streamRun(sources: StreamSources, wish: StreamWish, sink: StreamSink): Promise<void> {
  const { liveBus, wakes, engine } = sources;
  const topic = runTopic(wish.executionId);
  const show = (piece: LivePiece): void => {
    if (!wish.forVisitor || piece.kind !== 'reasoning') sink.delta(deltaOf(piece));
  };
  const wake = wakes.watch(wish.executionId);
  const leave = liveBus.read(topic, show);
  for (const piece of liveBus.unfinished(topic)) show(piece);
  try {
    let seq = wish.afterSeq;
    let wasOver = false;
    while (!sink.signal.aborted) {
      const events = await engine.readEvents(wish.executionId, seq, PAGE);
      for (const event of events) {
        seq = event.seq;
        if (ENDS.has(event.type)) return await end(sources, wish, { sink, seq });
        const said = wordsOf(event, wish.forVisitor);
        if (said) await sink.event(said, seq);
        if (sink.signal.aborted) return;
      }
      if (events.length === 0 && (await settleAnswer(sources.db, wish.executionId))) {
        // Its end was read before, or is kept no longer. What came between the two looks is read first.
        if (wasOver) return await end(sources, wish, { sink, seq });
        wasOver = true;
      } else if (events.length < PAGE) await wake.next(sink.signal);
    }
  } finally {
    wake.leave();
    leave();
  }
}

const deltaOf = ({ node, turn, kind, text }: LivePiece): ChatStreamEvent => ({
  type: 'delta',
  node_id: node,
  turn,
  kind,
  text,
});

async function end(
  { db }: StreamSources,
  { executionId }: StreamWish,
  { sink, seq }: { readonly sink: StreamSink; readonly seq: number },
): Promise<void> {
  const answer = await settleAnswer(db, executionId);
  if (!answer) return;
  const { status, text, messageId, errorCode } = answer;
  await sink.event({ type: 'end', status, text, message_id: messageId, error_code: errorCode }, seq);
}

function wordsOf({ type, data }: RunEvent, forVisitor: boolean): ChatStreamEvent | null {
  if (type === 'chat_message')
    return { type: 'message', node_id: text(data['node_id']), text: text(data['text']) };
  if (type !== 'node_status' || forVisitor || data['is_part_call'] === true) return null;
  return {
    type: 'node',
    node_id: text(data['node_id']),
    status: text(data['status']),
    node_label: text(data['node_label']) || text(data['display_name']),
    tool_name: text(data['tool_name']) || null,
    parent_node_id: text(data['parent_node_id']) || null,
    is_tool_call: data['is_tool_call'] === true,
    error: text(data['error']) || null,
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Tells the streams of this process that their runs have new events; one listener for all of them. */
export class RunWakes {
  readonly #engine: Pick<Engine, 'subscribe'>;
  readonly #watches = new Map<string, Set<() => void>>();
  #leave: (() => void) | null = null;

  constructor(engine: Pick<Engine, 'subscribe'>) {
    this.#engine = engine;
  }

  watch(executionId: string): { next(signal: AbortSignal): Promise<void>; leave(): void } {
    let isDue = false;
    let go: () => void = () => undefined;
    const wake = (): void => {
      isDue = true;
      go();
    };
    this.#leave ??= this.#engine.subscribe((batch) => {
      for (const one of this.#watches.get(batch.executionId) ?? []) one();
    });
    const own = this.#watches.get(executionId) ?? new Set();
    this.#watches.set(executionId, own.add(wake));
    return {
      next: async (signal) => {
        if (!isDue && !signal.aborted) {
          const again = setTimeout(wake, LOOK_AGAIN_MS);
          signal.addEventListener('abort', wake, { once: true });
          await new Promise<void>((resolve) => {
            go = resolve;
          });
          signal.removeEventListener('abort', wake);
          clearTimeout(again);
        }
        isDue = false;
      },
      leave: () => {
        own.delete(wake);
        if (own.size === 0 && this.#watches.get(executionId) === own) this.#watches.delete(executionId);
        if (this.#watches.size > 0) return;
        this.#leave?.();
        this.#leave = null;
      },
    };
  }
}
