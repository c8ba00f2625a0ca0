import { StringDecoder } from 'node:string_decoder';

/** The first bytes of a stream as text, handed on as they come; the rest is counted out. */
export class CappedText {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onText: (text: string) => void;
  #left: number;
  #text = '';
  /** Whether something was left out. */
  truncated = false;

  constructor(maxBytes: number, onText: (text: string) => void) {
    this.#left = maxBytes;
    this.#onText = onText;
  }

  add(chunk: Buffer): void {
    if (chunk.length > this.#left) this.truncated = true;
    if (this.#left <= 0) return;
    const kept = chunk.subarray(0, this.#left);
    this.#left -= kept.length;
    this.#take(this.#decoder.write(kept));
  }

  /** All of it. Call it once, when nothing comes any more. */
  end(): string {
    // A character that the cut splits is left out; one that the program broke is shown as broken.
    if (!this.truncated) this.#take(this.#decoder.end());
    return this.#text;
  }

  #take(text: string): void {
    if (text === '') return;
    this.#text += text;
    this.#onText(text);
  }
}
