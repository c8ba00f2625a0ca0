/** A body of `/embeddings`, as far as it is looked at. */
export interface EmbeddingsBody {
  readonly model?: string;
  readonly input?: unknown;
  readonly dimensions?: number;
}

/** Words that mean the same count as one; each group is one meaning. */
export type Meanings = readonly (readonly string[])[];

const USUAL_SIZE = 64;

export const textsOf = ({ input }: EmbeddingsBody): string[] =>
  Array.isArray(input) ? input.map(String) : [String(input ?? '')];

/** One token for every four characters. */
export const embeddingTokens = (texts: readonly string[]): number =>
  texts.reduce((sum, one) => sum + Math.ceil(one.length / 4), 0);

/**
 * Vectors that are near each other for texts with words or meanings in common: each counts in one place. Always the
 * same for the same texts.
 */
export function embeddingsBody(body: EmbeddingsBody, meanings: Meanings): unknown {
  const texts = textsOf(body);
  const size = body.dimensions ?? USUAL_SIZE;
  const named = new Map(meanings.flatMap((group) => group.map((word) => [word, group[0] ?? word] as const)));
  const vectorOf = (text: string): number[] => {
    const vector = Array.from({ length: size }, () => 0.001);
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
      const place = hashOf(named.get(word) ?? word) % size;
      vector[place] = (vector[place] ?? 0) + 1;
    }
    const length = Math.hypot(...vector);
    return vector.map((one) => one / length);
  };
  const data = texts.map((one, index) => ({ object: 'embedding', index, embedding: vectorOf(one) }));
  const tokens = embeddingTokens(texts);
  return { object: 'list', data, model: body.model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

const hashOf = (word: string): number =>
  [...word].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521, 7);
