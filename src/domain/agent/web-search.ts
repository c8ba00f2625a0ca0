import type { NativeSearch } from '../chat/native-search.ts';
import type { Capabilities } from '../node/executor.ts';
import type { Part } from '../node/part.ts';

/** What searching the web is called, wherever it is done. */
export const WEB_SEARCH = 'web_search';

/** However slow the search engine is. */
const TIMEOUT_MS = 60_000;

/**
 * The tools of an agent: those plugged in, and searching the web where the environment has a starred SearXNG server
 * and the agent cannot search yet.
 */
export async function toolParts(
  plugged: readonly Part[],
  searchesItself: boolean,
  { searchServer, place }: Pick<Capabilities, 'searchServer' | 'place'>,
): Promise<readonly Part[]> {
  if (searchesItself || plugged.some(({ type }) => type === WEB_SEARCH)) return plugged;
  if ((await searchServer()) === null) return plugged;
  const id = `${place().node}:${WEB_SEARCH}`;
  const title = 'Web search';
  return [
    ...plugged,
    { id, type: WEB_SEARCH, title, slot: 'tool', config: {}, timeoutMs: TIMEOUT_MS, parts: {} },
  ];
}

/** Shows the searches that the provider has made by itself as tool calls of the model's node. */
export async function noteSearches(
  { capabilities, model }: { readonly capabilities: Capabilities; readonly model: Part },
  turn: string,
  searches: readonly NativeSearch[],
): Promise<void> {
  for (const [at, { query, sources, error }] of searches.entries()) {
    await capabilities.noteCall({
      part: model,
      function: WEB_SEARCH,
      key: `${turn}:search:${at}`,
      args: { query },
      result: error === undefined ? { query, sources } : { error },
      isError: error !== undefined,
    });
  }
}
