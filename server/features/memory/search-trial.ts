import type { OutputOf } from '#contract/contract.ts';
import { similarityOf } from '#domain/memory/vector.ts';
import { uuidV7 } from '#server/engine/uuid-v7.ts';
import { type Embed, ownPlace } from '#server/model/embed-call.ts';

/** Two sentences of one meaning with hardly a word in common, and one of another. */
const SENTENCES = [
  'Our customer would like to get the money back.',
  'The buyer is asking for a refund.',
  'Bake the bread in a hot oven for forty minutes.',
];
const TIMEOUT_MS = 30_000;

interface Choice {
  readonly environmentId: number;
  readonly credentialId: number;
  readonly model: string;
  readonly dimensions: number | null;
}

/** Embeds three sentences, so that people see whether a model works and tells meanings apart. */
export async function tryModel(embed: Embed, choice: Choice): Promise<OutputOf<'memorySearch', 'test'>> {
  const began = performance.now();
  const embedded = await embed({
    ...choice,
    texts: SENTENCES,
    place: ownPlace(choice.environmentId, uuidV7()),
    signal: new AbortController().signal,
    timeoutMs: TIMEOUT_MS,
  });
  const duration_ms = Math.round(performance.now() - began);
  if (!embedded.ok) {
    const error = embedded.failure.error.message;
    return { ok: false, error, dimensions: null, alike: null, unlike: null, tokens: 0, duration_ms };
  }
  const [asked = [], same = [], other = []] = embedded.vectors;
  return {
    ok: true,
    error: '',
    dimensions: asked.length,
    alike: similarityOf(asked, same),
    unlike: similarityOf(asked, other),
    tokens: embedded.tokens,
    duration_ms,
  };
}
