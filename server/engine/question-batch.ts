const MOST = 1000;

interface Waiting<T> {
  readonly id: string;
  readonly resolve: (answer: T | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Questions about runs that come together, or while another is under way, are one statement. */
export class QuestionBatch<T> {
  private readonly answer: (ids: readonly string[]) => Promise<Map<string, T>>;
  private waiting: Waiting<T>[] = [];
  private isBusy = false;

  constructor(answer: (ids: readonly string[]) => Promise<Map<string, T>>) {
    this.answer = answer;
  }

  /** The answer for one id; undefined when there is none. Rejects with what the whole statement failed with. */
  ask(id: string): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ id, resolve, reject });
      if (!this.isBusy) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.isBusy = true;
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST);
      try {
        const answers = await this.answer([...new Set(batch.map((one) => one.id))]);
        for (const one of batch) one.resolve(answers.get(one.id));
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    this.isBusy = false;
  }
}
