import { type LivePiece, type LiveTopic, runTopic, workflowTopic } from './live-piece.ts';

interface Writing {
  readonly place: Omit<LivePiece, 'kind' | 'text'>;
  /** Written by this process. */
  readonly isOwn: boolean;
  reasoning: string;
  text: string;
}

/** In characters. What is longer is not shown again to whoever comes late. */
const MAX_TEXT = 256 * 1024;
const MAX_TOTAL = 32 * 1024 * 1024;
const MAX_WRITINGS = 10_000;

/** What is being written just now, for readers who come late. */
export class Unfinished {
  readonly #writings = new Map<string, Writing>();
  #total = 0;

  add(piece: LivePiece, isOwn: boolean): void {
    const { kind, text, ...place } = piece;
    const key = `${piece.executionId} ${piece.node} ${piece.scope}`;
    const known = this.#writings.get(key);
    const goesOn = known?.place.turn === piece.turn && (kind === 'text' || kind === 'reasoning');
    if (known && !goesOn) this.#remove(key, known);
    if (kind === 'end' || kind === 'restart') return;
    const writing = known && goesOn ? known : { place, isOwn, reasoning: '', text: '' };
    if (writing[kind].length < MAX_TEXT) {
      writing[kind] += text;
      this.#total += text.length;
    }
    // The longest untouched ones are forgotten first: nobody may write on there.
    this.#writings.delete(key);
    this.#writings.set(key, writing);
    for (const [oldest, other] of this.#writings) {
      const fits = this.#total <= MAX_TOTAL && this.#writings.size <= MAX_WRITINGS;
      if (fits || other === writing) break;
      this.#remove(oldest, other);
    }
  }

  /** Everything written so far, each as if it began now. */
  of(topic: LiveTopic, which: 'all' | 'own' = 'all'): LivePiece[] {
    const found: LivePiece[] = [];
    for (const { place, isOwn, reasoning, text } of this.#writings.values()) {
      if (which === 'own' && !isOwn) continue;
      if (topic !== runTopic(place.executionId) && topic !== workflowTopic(place.workflowId)) continue;
      found.push({ ...place, kind: 'restart', text: '' });
      if (reasoning !== '') found.push({ ...place, kind: 'reasoning', text: reasoning });
      if (text !== '') found.push({ ...place, kind: 'text', text });
    }
    return found;
  }

  #remove(key: string, { reasoning, text }: Writing): void {
    this.#writings.delete(key);
    this.#total -= reasoning.length + text.length;
  }
}
