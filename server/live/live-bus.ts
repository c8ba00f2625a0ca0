import type { Pool } from 'pg';
import type { LivePiece, LiveTopic } from './live-piece.ts';
import { runTopic, workflowTopic } from './live-piece.ts';
import { type LiveWire, openLiveWire } from './live-wire.ts';
import { Unfinished } from './unfinished.ts';

export type LiveReader = (piece: LivePiece) => void;

/**
 * What is being written, to everybody who reads it, in this process and the others. Nothing of it is kept: a reader
 * who comes late gets what is unfinished, and whoever is away misses what was written meanwhile.
 */
export interface LiveBus {
  write(piece: LivePiece): void;
  /** Everything of this topic from now on. @returns the way to stop. */
  read(topic: LiveTopic, reader: LiveReader): () => void;
  /** What is being written now, as far as this process knows. */
  unfinished(topic: LiveTopic): LivePiece[];
  close(): Promise<void>;
}

export interface LiveOptions {
  readonly pool: Pool;
  readonly url: string;
}

/** @throws when the database cannot be reached */
export async function openLiveBus({ pool, url }: LiveOptions): Promise<LiveBus> {
  const bus = new Bus();
  bus.wire = await openLiveWire({
    pool,
    url,
    onPiece: (piece) => bus.arrived(piece),
    onReader: (topic) => bus.tell(topic),
  });
  return bus;
}

class Bus implements LiveBus {
  wire: LiveWire | null = null;
  readonly #readers = new Map<LiveTopic, Set<LiveReader>>();
  readonly #unfinished = new Unfinished();

  write(piece: LivePiece): void {
    this.arrived(piece, true);
    if (this.wire?.isRead(piece)) this.wire.send([piece]);
  }

  read(topic: LiveTopic, reader: LiveReader): () => void {
    const readers = this.#readers.get(topic) ?? new Set();
    if (readers.size === 0) this.wire?.read(topic);
    this.#readers.set(topic, readers.add(reader));
    return () => {
      readers.delete(reader);
      if (readers.size > 0 || this.#readers.get(topic) !== readers) return;
      this.#readers.delete(topic);
      this.wire?.unread(topic);
    };
  }

  unfinished(topic: LiveTopic): LivePiece[] {
    return this.#unfinished.of(topic);
  }

  /** Hands a piece to whoever reads here. */
  arrived(piece: LivePiece, isOwn = false): void {
    this.#unfinished.add(piece, isOwn);
    this.#hand(runTopic(piece.executionId), piece);
    this.#hand(workflowTopic(piece.workflowId), piece);
  }

  /** Somebody elsewhere begins to read: what is written here so far is told once more. */
  tell(topic: LiveTopic): void {
    this.wire?.send(this.#unfinished.of(topic, 'own'));
  }

  async close(): Promise<void> {
    this.#readers.clear();
    await this.wire?.close();
  }

  #hand(topic: LiveTopic, piece: LivePiece): void {
    const readers = this.#readers.get(topic);
    if (!readers) return;
    for (const reader of readers) reader(piece);
  }
}
