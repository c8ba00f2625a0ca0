/** Tokens that models can read at once, by how their names begin; the longest beginning that fits counts. */
const WINDOWS: Readonly<Record<string, number>> = {
  'gpt-5': 400_000,
  'gpt-4.1': 1_047_576,
  'gpt-4o': 128_000,
  'gpt-4-turbo': 128_000,
  'gpt-4': 8_192,
  'gpt-3.5': 16_385,
  o1: 200_000,
  o3: 200_000,
  o4: 200_000,
  claude: 200_000,
  gemini: 1_048_576,
  'glm-4': 128_000,
  'glm-5': 200_000,
  mistral: 128_000,
  deepseek: 128_000,
};
const USUAL = 128_000;

/** Tokens a model can read at once, by its name; a provider's name before it does not matter. */
export function windowOf(model: string): number {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  const fits = Object.keys(WINDOWS).filter((start) => name.startsWith(start));
  const longest = fits.reduce((best, one) => (one.length > best.length ? one : best), '');
  return WINDOWS[longest] ?? USUAL;
}

const LARGEST_RESERVE = 16_384;
const MARGIN = 512;

/** Tokens of the window that messages may take, besides what is always sent. */
export function roomFor({
  window,
  maxTokens,
  overhead,
}: {
  readonly window: number;
  readonly maxTokens: number | null;
  readonly overhead: number;
}): number {
  const reserve = maxTokens ?? Math.min(LARGEST_RESERVE, Math.floor(window / 4));
  return window - reserve - MARGIN - overhead;
}
