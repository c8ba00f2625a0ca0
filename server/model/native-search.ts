import type {
  LanguageModelV4Content,
  LanguageModelV4ProviderTool,
  LanguageModelV4ToolResult,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import { parseBounded } from '#domain/bounded-json.ts';
import type { NativeSearch } from '#domain/chat/native-search.ts';
import { StepError } from '#domain/node/executor.ts';
import type { OpenedProvider } from '#server/vault/vault.ts';

/** The search that a provider offers with its models, by the kind of the provider. Others have none we could ask for. */
const SEARCH_TOOLS: Readonly<Record<string, LanguageModelV4ProviderTool>> = {
  openai: { type: 'provider', id: 'openai.web_search', name: 'web_search', args: {} },
  // The one that every model which can search understands.
  anthropic: { type: 'provider', id: 'anthropic.web_search_20250305', name: 'web_search', args: {} },
};

/** @returns null for providers without one */
export const searchToolOf = (kind: string): LanguageModelV4ProviderTool | null =>
  (Object.hasOwn(SEARCH_TOOLS, kind) ? SEARCH_TOOLS[kind] : null) ?? null;

/** @throws StepError `native_search_unavailable`, permanent, where the provider has no search of its own */
export function refuseSearch({ kind, name }: Pick<OpenedProvider, 'kind' | 'name'>): void {
  if (searchToolOf(kind)) return;
  const message = `“${name}” (${kind}) has no web search of its own, only accounts of OpenAI and Anthropic have. Turn “Search the web” off in the Model node, or plug a Web search node into the agent.`;
  throw new StepError('native_search_unavailable', message, { permanent: true });
}

interface Source {
  readonly url: string;
  readonly title: string | null;
}

/** The searches within an answer, with what they found. What is cited besides belongs to the last of them. */
export function searchesIn(content: readonly LanguageModelV4Content[]): NativeSearch[] {
  const cited = citedIn(content);
  const titles = new Map(cited.flatMap(({ url, title }) => (title === null ? [] : [[url, title] as const])));
  const inputs = new Map(
    content.flatMap((part) => (part.type === 'tool-call' ? [[part.toolCallId, part.input] as const] : [])),
  );
  const found = content.flatMap((part): NativeSearch[] => {
    if (part.type !== 'tool-result') return [];
    const sources = sourcesIn(part.result).map(({ url, title }) => ({
      url,
      title: title ?? titles.get(url) ?? null,
    }));
    const query = queryIn(part.result) || queryOf(inputs.get(part.toolCallId) ?? '');
    const error = part.isError === true ? errorIn(part) : null;
    return [{ id: part.toolCallId, query, sources, ...(error !== null && { error }) }];
  });
  const last = found.at(-1);
  const known = new Set(found.flatMap(({ sources }) => sources.map(({ url }) => url)));
  const more = cited.filter(({ url }) => !known.has(url));
  return last && more.length > 0
    ? [...found.slice(0, -1), { ...last, sources: [...last.sources, ...more] }]
    : found;
}

function citedIn(content: readonly LanguageModelV4Content[]): Source[] {
  const cited = new Map<string, Source>();
  const sources = content.flatMap((part): Source[] => {
    if (part.type === 'text') return annotated(part.providerMetadata);
    return part.type === 'source' && part.sourceType === 'url'
      ? [{ url: part.url, title: part.title ?? null }]
      : [];
  });
  for (const one of sources) if (one.title !== null || !cited.has(one.url)) cited.set(one.url, one);
  return [...cited.values()];
}

/** Where addresses are listed already, the titles are only to be found at the text. */
const annotated = (metadata: SharedV4ProviderMetadata | undefined): Source[] =>
  Object.values(metadata ?? {}).flatMap(({ annotations }) => sourcesIn(annotations));

/** A list of results, or an object with the addresses that were looked at. */
function sourcesIn(result: unknown): Source[] {
  const list = Array.isArray(result) ? result : field(result, 'sources');
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown) => {
    const url = field(one, 'url');
    const title = field(one, 'title');
    return typeof url === 'string' ? [{ url, title: typeof title === 'string' ? title : null }] : [];
  });
}

function queryIn(result: unknown): string {
  const action = field(result, 'action');
  const queries = field(action, 'queries');
  const said =
    field(action, 'query') ?? (Array.isArray(queries) ? queries.join(' · ') : null) ?? field(action, 'url');
  return typeof said === 'string' ? said : '';
}

function queryOf(input: string): string {
  try {
    const query = field(parseBounded(input), 'query');
    return typeof query === 'string' ? query : '';
  } catch {
    return '';
  }
}

function errorIn({ result }: LanguageModelV4ToolResult): string {
  const code = field(result, 'errorCode');
  return typeof code === 'string' ? code : 'failed';
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
