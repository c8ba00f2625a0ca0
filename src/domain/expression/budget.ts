import { TemplateLimitError } from './template-error.ts';

/**
 * How much one rendering may put together. Without it a small template could name one large value thousands of
 * times, and whoever writes the outcome as text would need more time and memory than there is.
 */
export class RenderBudget {
  readonly #limit: number;
  #left: number;

  /** @param limit characters of JSON, roughly */
  constructor(limit: number) {
    this.#limit = limit;
    this.#left = limit;
  }

  /** Counts text. @throws TemplateLimitError */
  spendText(length: number): void {
    this.#left -= length;
    if (this.#left < 0) throw new TemplateLimitError(this.#limit);
  }

  /** Counts a value by about the length of its JSON, no further than the budget reaches. @throws TemplateLimitError */
  spend(value: unknown): void {
    if (typeof value === 'string') return this.spendText(value.length + 2);
    if (typeof value !== 'object' || value === null) return this.spendText(4);
    this.spendText(2);
    if (Array.isArray(value)) {
      for (const item of value) this.spend(item);
      return;
    }
    for (const key of Object.keys(value)) {
      this.spendText(key.length + 4);
      this.spend(Reflect.get(value, key));
    }
  }
}
