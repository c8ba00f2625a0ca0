import type { EpicHub, EpicListener } from './epic-hub.ts';

interface Options {
  readonly hub: EpicHub;
  readonly epicId: string;
  readonly send: (frame: Buffer) => void;
  readonly onAgain: () => void;
  readonly onDrop: () => void;
}

/** One client's subscription to `epic:<id>`. Nothing is sent before it is confirmed. */
export class EpicSubscription implements EpicListener {
  readonly #options: Options;
  readonly #leave: () => void;
  #isConfirmed = false;
  #isOver = false;

  constructor(options: Options) {
    this.#options = options;
    // From before the check on, so that a deletion in between is not missed.
    this.#leave = options.hub.add(options.epicId, this);
  }

  /** The client may listen to this epic. @returns false when it has gone since that was looked up. */
  confirm(): boolean {
    this.#isConfirmed = !this.#isOver;
    return this.#isConfirmed;
  }

  send(frame: Buffer): void {
    if (this.#isConfirmed) this.#options.send(frame);
  }

  again(): void {
    if (this.#isConfirmed) this.#options.onAgain();
  }

  drop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#isConfirmed) this.#options.onDrop();
  }

  close(): void {
    this.#isOver = true;
    this.#leave();
  }
}
