import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { type Listener, listen } from '#server/db/listener.ts';
import { type LivePiece, type LiveTopic, merged } from './live-piece.ts';

export interface WireOptions {
  readonly pool: Pool;
  readonly url: string;
  /** Another process has written something. */
  readonly onPiece: (piece: LivePiece) => void;
  /** Somebody in another process begins to read. */
  readonly onReader: (topic: LiveTopic) => void;
}

/** Brings pieces from the process that writes them to those in which somebody reads. */
export interface LiveWire {
  /** Sends pieces to the others, if any of them reads: the first at once, the rest in bundles. */
  send(pieces: readonly LivePiece[]): void;
  isRead(piece: LivePiece): boolean;
  /** Says what this process reads now; repeated while it does. */
  read(topic: LiveTopic): void;
  unread(topic: LiveTopic): void;
  close(): Promise<void>;
}

const PIECES = 'pipewright_live';
const READERS = 'pipewright_live_readers';
const BUNDLE_MS = 30;
/** PostgreSQL takes less than 8,000 bytes. */
const MAX_BYTES = 7000;
const REPEAT_MS = 10_000;
const FORGET_MS = 25_000;
/** Pieces that wait while the database is slow; more are lost, as live pieces may be. */
const MAX_WAITING = 5000;
const MAX_UNDER_WAY = 1000;

/** Resolves once it listens. */
export async function openLiveWire(options: WireOptions): Promise<LiveWire> {
  const wire = new Wire(options);
  await wire.open();
  return wire;
}

class Wire implements LiveWire {
  readonly #options: WireOptions;
  readonly #self = randomUUID().slice(0, 8);
  /** By topic: until when another process is taken to read it. */
  readonly #readers = new Map<string, number>();
  readonly #own = new Set<LiveTopic>();
  #fresh: LiveTopic[] = [];
  #waiting: LivePiece[] = [];
  #bundle: NodeJS.Timeout | null = null;
  #sending: Promise<void> = Promise.resolve();
  /** Notifications that have not left yet. */
  #underWay = 0;
  #repeat: NodeJS.Timeout | undefined;
  #listener: Listener | null = null;
  #isClosed = false;

  constructor(options: WireOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    this.#listener = await listen({
      url: this.#options.url,
      channels: {
        [PIECES]: (payload) => this.#onPieces(payload),
        [READERS]: (payload) => this.#onReaders(payload),
      },
      onConnected: () => this.#announce([...this.#own]),
    });
    this.#repeat = setInterval(() => {
      const now = Date.now();
      for (const [topic, until] of this.#readers) if (until < now) this.#readers.delete(topic);
      this.#announce([...this.#own]);
    }, REPEAT_MS);
  }

  isRead({ executionId, workflowId }: LivePiece): boolean {
    const now = Date.now();
    const reads = (topic: string): boolean => (this.#readers.get(topic) ?? 0) > now;
    return this.#readers.size > 0 && (reads(`run:${executionId}`) || reads(`workflow:${workflowId}`));
  }

  send(pieces: readonly LivePiece[]): void {
    if (this.#isClosed || pieces.length === 0 || this.#waiting.length > MAX_WAITING) return;
    this.#waiting.push(...pieces);
    if (this.#bundle) return;
    if (this.#underWay === 0) this.#flush();
    this.#bundle = setTimeout(() => this.#next(), BUNDLE_MS);
  }

  read(topic: LiveTopic): void {
    this.#own.add(topic);
    this.#fresh.push(topic);
    if (this.#fresh.length === 1) setImmediate(() => this.#announce(this.#fresh.splice(0)));
  }

  unread(topic: LiveTopic): void {
    this.#own.delete(topic);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#repeat);
    if (this.#bundle) clearTimeout(this.#bundle);
    await this.#sending;
    await this.#listener?.close();
  }

  #next(): void {
    this.#bundle = null;
    if (this.#waiting.length === 0) return;
    if (this.#underWay === 0) this.#flush();
    this.#bundle = setTimeout(() => this.#next(), BUNDLE_MS);
  }

  /** In order: a bundle leaves once the one before it has. */
  #flush(): void {
    const texts = bundlesOf(merged(this.#waiting.splice(0)));
    for (const text of texts) this.#notify(PIECES, `${this.#self}:${text}`);
  }

  #announce(topics: readonly LiveTopic[]): void {
    // Said again soon; a database that does not answer is not to be asked more and more.
    if (this.#underWay > MAX_UNDER_WAY) return;
    for (let at = 0; at < topics.length; at += 100) {
      this.#notify(READERS, `${this.#self}:${topics.slice(at, at + 100).join(',')}`);
    }
  }

  #notify(channel: string, payload: string): void {
    if (this.#isClosed) return;
    this.#underWay += 1;
    this.#sending = this.#sending
      .then(() => this.#options.pool.query('select pg_notify($1, $2)', [channel, payload]))
      .then(nothing, nothing)
      .then(() => {
        this.#underWay -= 1;
      });
  }

  #onPieces(payload: string): void {
    const at = payload.indexOf(':');
    if (payload.slice(0, at) === this.#self) return;
    for (const piece of JSON.parse(payload.slice(at + 1)) as LivePiece[]) this.#options.onPiece(piece);
  }

  #onReaders(payload: string): void {
    const at = payload.indexOf(':');
    if (payload.slice(0, at) === this.#self) return;
    const now = Date.now();
    for (const topic of payload.slice(at + 1).split(',') as LiveTopic[]) {
      const isNew = (this.#readers.get(topic) ?? 0) <= now;
      this.#readers.set(topic, now + FORGET_MS);
      if (isNew) this.#options.onReader(topic);
    }
  }
}

const nothing = (): void => undefined;

/** As JSON texts that fit into one notification each. */
function bundlesOf(pieces: readonly LivePiece[]): string[] {
  const bundles: string[] = [];
  let open: string[] = [];
  let bytes = 0;
  for (const piece of pieces.flatMap(cut)) {
    const text = JSON.stringify(piece);
    const size = Buffer.byteLength(text) + 1;
    if (open.length > 0 && bytes + size > MAX_BYTES) {
      bundles.push(`[${open.join(',')}]`);
      open = [];
      bytes = 0;
    }
    open.push(text);
    bytes += size;
  }
  if (open.length > 0) bundles.push(`[${open.join(',')}]`);
  return bundles;
}

/** A character takes at most six bytes in JSON. */
const MAX_CHARS = 1000;

function cut(piece: LivePiece): LivePiece[] {
  if (piece.text.length <= MAX_CHARS) return [piece];
  const parts: LivePiece[] = [];
  for (let at = 0; at < piece.text.length; ) {
    let end = Math.min(at + MAX_CHARS, piece.text.length);
    // A pair of surrogates stays together.
    if (/[\uD800-\uDBFF]/.test(piece.text[end - 1] ?? '')) end += 1;
    parts.push({ ...piece, text: piece.text.slice(at, end) });
    at = end;
  }
  return parts;
}
