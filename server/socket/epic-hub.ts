/** A client's interest in one epic. */
export interface EpicListener {
  send(frame: Buffer): void;
  /** The epic is gone. */
  drop(): void;
  /** Events may have been missed: the client should fetch again. */
  again(): void;
}

/** Who listens to which epic, in this process. */
export class EpicHub {
  readonly #epics = new Map<string, Set<EpicListener>>();

  /** @returns the way out. */
  add(epicId: string, listener: EpicListener): () => void {
    const listeners = this.#epics.get(epicId) ?? new Set();
    this.#epics.set(epicId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#epics.get(epicId) === listeners) this.#epics.delete(epicId);
    };
  }

  /** One message on `epic:<id>`, as it was published. */
  onMessage(text: string): void {
    const { type, channel } = JSON.parse(text) as { type: string; channel: string };
    const listeners = this.#epics.get(channel.slice('epic:'.length));
    if (!listeners) return;
    const frame = Buffer.from(text);
    for (const listener of listeners) {
      listener.send(frame);
      if (type === 'epic_deleted') listener.drop();
    }
  }

  /** Messages may have been missed. */
  again(): void {
    for (const listeners of this.#epics.values()) for (const listener of listeners) listener.again();
  }
}
