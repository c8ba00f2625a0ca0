import type { Hub, WorkflowListener } from './hub.ts';

interface Options {
  readonly hub: Hub;
  readonly channel: string;
  readonly slug: string;
  /** The environment the client is held to; null for administrators, who see every one. */
  readonly environmentId: number | null;
  readonly send: (frame: Buffer) => void;
  /** What may be missed is not sent to a client that does not read. */
  readonly isHeld: () => boolean;
  readonly onAgain: () => void;
  readonly onDrop: () => void;
}

/** One client's subscription to `workflow:<slug>`. */
export class WorkflowSubscription implements WorkflowListener {
  readonly channel: string;
  readonly slug: string;
  readonly environmentId: number | null;
  readonly #options: Options;
  readonly #leave: (() => void)[];
  #workflowId: number | null = null;
  #isDropped = false;

  constructor(options: Options) {
    this.channel = options.channel;
    this.slug = options.slug;
    this.environmentId = options.environmentId;
    this.#options = options;
    this.#leave = [options.hub.addSlug(this)];
  }

  get workflowId(): number | null {
    return this.#workflowId;
  }

  /** The client may listen to this workflow. @returns false when it has gone since that was looked up. */
  confirm(workflowId: number): boolean {
    if (this.#isDropped) return false;
    this.#workflowId = workflowId;
    this.#leave.push(this.#options.hub.addWorkflow(workflowId, this));
    return true;
  }

  send(frame: Buffer): void {
    this.#options.send(frame);
  }

  sendDelta(frame: Buffer): void {
    if (!this.#options.isHeld()) this.#options.send(frame);
  }

  again(): void {
    this.#options.onAgain();
  }

  drop(): void {
    if (this.#isDropped) return;
    this.#isDropped = true;
    if (this.#workflowId !== null) this.#options.onDrop();
  }

  close(): void {
    this.#isDropped = true;
    for (const leave of this.#leave.splice(0)) leave();
  }
}
