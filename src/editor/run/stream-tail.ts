/** The end of an answer that is being written. */
export interface StreamTail {
  /** Which answer of the step, from 1. */
  readonly turn: number;
  /** Whether the model still only thinks. */
  readonly thinks: boolean;
  readonly text: string;
}

export type StreamTails = Readonly<Record<string, StreamTail>>;

export const NO_TAILS: StreamTails = {};

/** A card shows two lines; more is not kept. */
const KEPT = 240;

/** The tails after one `chat_delta`; those of other nodes keep their identity. */
export function afterDelta(tails: StreamTails, data: Readonly<Record<string, unknown>>): StreamTails {
  const id = data['node_id'];
  if (typeof id !== 'string') return tails;
  const turn = typeof data['turn'] === 'number' ? data['turn'] : 1;
  const text = typeof data['text'] === 'string' ? data['text'] : '';
  const old = tails[id];
  const before = old?.turn === turn ? old.text : '';
  switch (data['kind']) {
    case 'text':
      return { ...tails, [id]: { turn, thinks: false, text: `${before}${text}`.slice(-KEPT) } };
    case 'reasoning':
      return { ...tails, [id]: { turn, thinks: true, text: before } };
    case 'restart':
      return { ...tails, [id]: { turn, thinks: false, text: '' } };
    default:
      return tails;
  }
}

/** Without the tail of a step that has ended. */
export function withoutTail(tails: StreamTails, id: string): StreamTails {
  if (!tails[id]) return tails;
  const { [id]: _, ...rest } = tails;
  return rest;
}
