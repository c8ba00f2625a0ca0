/** Runs that are being stored or claimed for this process just now, before it drives them. */
export class RunsInHand {
  private readonly counts = new Map<string, number>();

  has(id: string): boolean {
    return this.counts.has(id);
  }

  /** Counts the run as in hand until `work` is done. */
  async during<T>(id: string, work: () => Promise<T>): Promise<T> {
    this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (this.counts.get(id) ?? 1) - 1;
      if (left > 0) this.counts.set(id, left);
      else this.counts.delete(id);
    }
  }
}
