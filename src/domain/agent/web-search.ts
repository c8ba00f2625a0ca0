import type { NativeSearch } from '../chat/native-search.ts';
import type { Capabilities } from '../node/executor.ts';
import type { Part } from '../node/part.ts';

/** What searching the web is called, wherever it is done. */
export const WEB_SEARCH = 'web_search';

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
