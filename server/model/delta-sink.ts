import type { ModelDelta } from '#domain/model/model.ts';
import type { Cleaner } from '#server/redaction/redactor.ts';

type Kind = 'text' | 'reasoning';

/**
 * Hands pieces on as they come, without secrets: what may be the beginning of one waits until it is clear what it is.
 */
export class DeltaSink {
  readonly #onDelta: (delta: ModelDelta) => void;
  #cleaner: Cleaner | null = null;
  #held: Record<Kind, string> = { text: '', reasoning: '' };
  #dirty = false;

  constructor(onDelta: (delta: ModelDelta) => void) {
    this.#onDelta = onDelta;
  }

  /** The cleaner of the provider that answers next. */
  begin(cleaner: Cleaner): void {
    this.#cleaner = cleaner;
  }

  push(delta: ModelDelta): void {
    if (delta.kind === 'restart') return this.restart();
    const whole = this.#held[delta.kind] + delta.text;
    const cut = this.#cleaner?.openFrom(whole) ?? whole.length;
    this.#held[delta.kind] = whole.slice(cut);
    this.#emit(delta.kind, whole.slice(0, cut));
  }

  /** The answer is complete. */
  flush(): void {
    for (const kind of ['reasoning', 'text'] as const) {
      this.#emit(kind, this.#held[kind]);
      this.#held[kind] = '';
    }
  }

  /** What came so far does not count; says so where anything came. */
  restart(): void {
    this.#held = { text: '', reasoning: '' };
    if (!this.#dirty) return;
    this.#dirty = false;
    this.#onDelta({ kind: 'restart' });
  }

  #emit(kind: Kind, text: string): void {
    if (text === '') return;
    this.#dirty = true;
    this.#onDelta({ kind, text: this.#cleaner?.text(text) ?? text });
  }
}
