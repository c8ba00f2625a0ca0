import { z } from 'zod';
import { parseBounded } from '#domain/bounded-json.ts';
import type { CredentialReference } from '#domain/credential/reference.ts';
import { type Capabilities, type Executor, type HttpResponse, StepError } from '#domain/node/executor.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import type { definition } from './definition.ts';

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 2_000_000;
const SNIPPET = 200;
const USUAL_SERVER = 'http://localhost:8888';

export const execute: Executor<typeof definition> = async ({ config, inputs }, capabilities) => {
  const query = (config.query || textOfValue(inputs.query)).trim();
  if (query === '') {
    const message = '“Query” is empty and nothing arrived. Fill it in, or connect what to search for.';
    throw new StepError('missing_value', message, { permanent: true });
  }
  const { url, credential } = await serverFor(config, capabilities);
  const answer = await capabilities.http({
    method: 'GET',
    url: addressOf(url, query),
    headers: { accept: 'application/json' },
    body: null,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    followRedirects: true,
    credential,
  });
  const results = resultsOf(answer).slice(0, config.limit);
  return { kind: 'done', outputs: { results, result: textOf(results, query) } };
};

interface Server {
  readonly url: string;
  readonly credential: CredentialReference;
}

/** Where the form names no server, the starred one of the environment is asked, with its own credential only. */
async function serverFor(
  { searxng_url, credential }: { readonly searxng_url: string; readonly credential: CredentialReference },
  { searchServer }: Pick<Capabilities, 'searchServer'>,
): Promise<Server> {
  if (searxng_url.trim() !== '') return { url: searxng_url, credential };
  return (await searchServer()) ?? { url: USUAL_SERVER, credential };
}

function addressOf(base: string, query: string): string {
  const url = URL.parse(base.trim());
  if (!url) {
    const message = `“Search server” is no address: ${base.slice(0, 200)}. Write one such as https://search.example.com.`;
    throw new StepError('config_invalid', message, { permanent: true });
  }
  if (!url.pathname.endsWith('/search')) url.pathname = `${url.pathname.replace(/\/+$/, '')}/search`;
  url.searchParams.set('q', query);
  url.searchParams.set('format', 'json');
  return url.href;
}

const found = z.object({
  title: z.string().catch(''),
  url: z.string(),
  content: z.string().nullish().catch(''),
});
const answered = z.object({ results: z.array(z.unknown()) });

interface Result {
  readonly title: string;
  readonly url: string;
  readonly snippet: string;
}

function resultsOf({ status, body }: HttpResponse): Result[] {
  if (status >= 400) {
    const message = `The search server answered ${status}. Check that it answers in JSON, and the credential.`;
    throw new StepError('search_failed', message, { permanent: status < 500 && status !== 429 });
  }
  const read = answered.safeParse(jsonOf(body));
  if (!read.success) {
    const message =
      'The search server answered with something else than results in JSON. Is it a SearXNG server?';
    throw new StepError('search_failed', message, { permanent: true });
  }
  return read.data.results.flatMap((one) => {
    const result = found.safeParse(one);
    if (!result.success) return [];
    const { title, url, content } = result.data;
    return { title, url, snippet: (content ?? '').slice(0, SNIPPET) };
  });
}

function jsonOf(text: string): unknown {
  try {
    return parseBounded(text);
  } catch {
    return null;
  }
}

function textOf(results: readonly Result[], query: string): string {
  if (results.length === 0) return `Nothing was found for “${query}”.`;
  return results
    .map(({ title, url, snippet }, index) => `${index + 1}. ${title}\n${url}\n${snippet}`)
    .join('\n\n');
}
