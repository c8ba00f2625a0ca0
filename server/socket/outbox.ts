import { WebSocket } from 'ws';
import type { SocketLimits } from './limit.ts';

export interface OutboxOptions {
  readonly socket: WebSocket;
  readonly limits: SocketLimits;
  /** The client takes too little of what it asked for. */
  readonly onSlow: () => void;
}

/** What is sent to one client. It stops sending to a client that does not read, and gives up before that costs much. */
export class Outbox {
  readonly #options: OutboxOptions;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #heldSince: number | null = null;
  #waiting: (() => void)[] = [];
  #isClosed = false;
  /** When something was last sent, in milliseconds of `performance.now()`. */
  lastSentAt = performance.now();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Whether sending is paused. What can be read again later should not be sent now. */
  get isHeld(): boolean {
    return this.#heldSince !== null;
  }

  /** Sends a text frame now or, while sending is paused, later. */
  send(frame: Buffer): void {
    if (this.#isClosed) return;
    if (!this.isHeld) {
      this.#write(frame);
      return;
    }
    this.#held.push(frame);
    this.#heldBytes += frame.length;
    if (this.#heldBytes + this.#options.socket.bufferedAmount > this.#options.limits.maxBytes)
      this.#options.onSlow();
  }

  /** Resolves once sending is not paused, or the connection is over. */
  async ready(): Promise<void> {
    while (this.isHeld && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Called by the clock: has nothing left for too long? */
  checkStalled(now: number): void {
    if (this.#heldSince !== null && now - this.#heldSince > this.#options.limits.stalledMs)
      this.#options.onSlow();
  }

  /** Forgets what was not sent; nothing is sent any more. */
  close(): void {
    this.#isClosed = true;
    this.#held = [];
    this.#heldBytes = 0;
    this.#wake();
  }

  #write(frame: Buffer): void {
    const { socket, limits } = this.#options;
    if (socket.readyState !== WebSocket.OPEN) return;
    const isTooMuch = socket.bufferedAmount + frame.length > limits.holdBytes;
    this.lastSentAt = performance.now();
    if (!isTooMuch) {
      socket.send(frame, { binary: false });
      return;
    }
    this.#heldSince = this.lastSentAt;
    // Frames leave in order: once this one has, nothing before it waits either.
    socket.send(frame, { binary: false }, () => this.#drained());
  }

  #drained(): void {
    this.#heldSince = null;
    let sent = 0;
    while (!this.isHeld && sent < this.#held.length) {
      const frame = this.#held[sent];
      sent += 1;
      if (!frame) break;
      this.#heldBytes -= frame.length;
      this.#write(frame);
    }
    this.#held.splice(0, sent);
    if (!this.isHeld) this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
