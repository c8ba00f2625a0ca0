import type { RunEvent } from '#domain/run/event.ts';
import type { Gate } from './gate.ts';
import { channelOfRun, runFrame } from './message.ts';
import type { Outbox } from './outbox.ts';

export interface TailOptions {
  readonly executionId: string;
  readonly outbox: Outbox;
  /** Lets one tail of a client read at a time: to a slow client the others could not send what they read. */
  readonly turns: Gate;
  /** Stored events above a number, in order, at most `limit`. */
  readonly read: (afterSeq: number, limit: number) => Promise<RunEvent[]>;
  /** Called once when it is closed. */
  readonly onLeave: () => void;
  readonly onSent?: (event: RunEvent) => void;
  /** The events could not be read. */
  readonly onFailed: () => void;
}

const PAGE = 100;
/** Live events are the same objects for everybody who listens, so each is put into words once. */
const frames = new WeakMap<RunEvent, Buffer>();

/**
 * One client's place in the events of one run. What was committed is read from the database until the client has
 * caught up; from then on live events are passed on. A gap, or a client that does not read, sends it back to the
 * database, so nothing is kept in memory, nothing is missing and nothing comes twice.
 */
export class Tail {
  readonly #options: TailOptions;
  #sent = 0;
  /** Grows when the client asks to start elsewhere. */
  #restarts = 0;
  #isReading = true;
  /** The client may see the run. */
  #hasBegun = false;
  #isBehind = false;
  #isClosed = false;

  constructor(options: TailOptions) {
    this.#options = options;
  }

  /** Starts after event `afterSeq`, of which `lastSeq` was the last committed one a moment ago. */
  begin(afterSeq: number, lastSeq: number): void {
    this.#hasBegun = true;
    this.#sent = Math.min(afterSeq, lastSeq);
    if (this.#sent < lastSeq || this.#isBehind) void this.#readOn();
    else this.#isReading = false;
  }

  /** Sends everything after event `afterSeq` again. */
  restart(afterSeq: number): void {
    if (afterSeq >= this.#sent) return;
    this.#sent = afterSeq;
    this.#restarts += 1;
    if (this.#isReading) this.#isBehind = true;
    else void this.#readOn();
  }

  /** Live events, in order, already committed. */
  onEvents(events: readonly RunEvent[]): void {
    if (this.#isReading) {
      this.#isBehind = true;
      return;
    }
    for (const event of events) {
      if (event.seq <= this.#sent) continue;
      if (event.seq !== this.#sent + 1 || this.#options.outbox.isHeld) {
        void this.#readOn();
        return;
      }
      this.#send(event);
    }
  }

  /** What is being written: a client that does not read misses it. */
  onDelta(frame: Buffer): void {
    const { outbox } = this.#options;
    if (this.#hasBegun && !this.#isClosed && !outbox.isHeld) outbox.send(frame);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.onLeave();
  }

  async #readOn(): Promise<void> {
    const { onFailed, turns } = this.#options;
    this.#isReading = true;
    try {
      do {
        await turns.run(() => this.#readPage());
      } while (this.#isBehind && !this.#isClosed);
      this.#isReading = false;
    } catch {
      onFailed();
    }
  }

  async #readPage(): Promise<void> {
    const { outbox, read } = this.#options;
    await outbox.ready();
    if (this.#isClosed) return;
    this.#isBehind = false;
    const restarts = this.#restarts;
    const events = await read(this.#sent, PAGE);
    if (events.length === PAGE) this.#isBehind = true;
    for (const event of events) {
      if (this.#isClosed || restarts !== this.#restarts) return;
      if (outbox.isHeld) {
        this.#isBehind = true;
        return;
      }
      this.#send(event);
    }
  }

  #send(event: RunEvent): void {
    const { executionId, outbox, onSent } = this.#options;
    let frame = frames.get(event);
    if (!frame) {
      frame = runFrame(channelOfRun(executionId), executionId, event);
      frames.set(event, frame);
    }
    outbox.send(frame);
    this.#sent = event.seq;
    onSent?.(event);
  }
}
