import type { ChatStreamEvent } from '#contract/chat-stream.ts';
import type { StreamSink } from '#server/features/chat/run-stream.ts';

/** Unread bytes beyond which pieces are lost and events wait. */
const HOLD_BYTES = 256 * 1024;
const ALIVE_MS = 15_000;
/** Rights are looked up again when the reader comes back. */
const LONGEST_MS = 5 * 60_000;

/** One response of server-sent events. A reader that is too slow loses pieces of what is being written, never events. */
export class EventStream implements StreamSink {
  readonly body: ReadableStream<Uint8Array>;
  readonly signal: AbortSignal;
  readonly #abort = new AbortController();
  readonly #onEnd: () => void;
  readonly #timers: readonly NodeJS.Timeout[];
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #drained: () => void = () => undefined;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
    this.signal = this.#abort.signal;
    const options = { highWaterMark: HOLD_BYTES, size: (chunk?: Uint8Array) => chunk?.byteLength ?? 0 };
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#drained(),
        cancel: () => this.end(),
      },
      options,
    );
    this.#write(': here\n\n');
    this.#timers = [
      setInterval(() => this.#write(': still here\n\n'), ALIVE_MS),
      setTimeout(() => this.end(), LONGEST_MS),
    ];
  }

  async event(event: ChatStreamEvent, id: number | null): Promise<void> {
    this.#write(textOf(event, id));
    while (this.#isHeld() && !this.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
  }

  delta(event: ChatStreamEvent): void {
    if (!this.#isHeld()) this.#write(textOf(event, null));
  }

  end(): void {
    if (this.signal.aborted) return;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#abort.abort();
    this.#drained();
    try {
      this.#controller?.close();
    } catch {
      // The reader has gone already.
    }
    this.#onEnd();
  }

  #isHeld(): boolean {
    return (this.#controller?.desiredSize ?? 1) <= 0;
  }

  #write(text: string): void {
    if (!this.signal.aborted) this.#controller?.enqueue(Buffer.from(text));
  }
}

function textOf({ type, ...data }: ChatStreamEvent, id: number | null): string {
  return `${id === null ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
