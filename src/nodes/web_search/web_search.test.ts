import { describe, expect, it } from 'vitest';
import type { SearchServer } from '#domain/node/ai-capability.ts';
import type { HttpRequest } from '#domain/node/executor.ts';
import { outputsOf, portsText } from '#domain/node/step-fixture.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const hit = (n: number, more: object = {}) => ({
  title: `T${n}`,
  url: `https://x/${n}`,
  content: `c${n}`,
  ...more,
});

async function search(
  config: Record<string, unknown>,
  answer: { status?: number; body: string },
  query?: string,
  starred: SearchServer | null = null,
) {
  const asked: HttpRequest[] = [];
  const outputs = outputsOf(definition, execute, {
    config: { searxng_url: 'https://s.example', ...config },
    inputs: { query },
    capabilities: {
      searchServer: async () => starred,
      http: async (request) => {
        asked.push(request);
        return { status: 200, headers: {}, url: request.url, durationMs: 1, ...answer };
      },
    },
  });
  return { ...(await outputs), asked };
}
const body = (results: unknown) => ({ body: JSON.stringify({ results }) });

describe('asking', () => {
  it.each([
    ['https://s.example', 'https://s.example/search?q=a+b&format=json'],
    ['https://s.example/searx/', 'https://s.example/searx/search?q=a+b&format=json'],
    ['https://s.example/search?lang=de', 'https://s.example/search?lang=de&q=a+b&format=json'],
  ])('%s', async (searxng_url, url) => {
    const { asked } = await search({ searxng_url }, body([]), 'a b');
    expect(asked.map((one) => one.url)).toEqual([url]);
  });

  it('asks the starred server where the form names none, with its credential only', async () => {
    const starred = { url: 'https://star.example/', credential: 7 };
    const named = await search({ credential: 5 }, body([]), 'x', starred);
    expect(named.asked).toMatchObject([
      { url: expect.stringMatching(/^https:\/\/s\.example/), credential: 5 },
    ]);
    const open = await search({ searxng_url: '', credential: 5 }, body([]), 'x', starred);
    expect(open.asked).toMatchObject([{ url: 'https://star.example/search?q=x&format=json', credential: 7 }]);
    const usual = await search({ searxng_url: ' ', credential: 5 }, body([]), 'x');
    expect(usual.asked).toMatchObject([
      { url: 'http://localhost:8888/search?q=x&format=json', credential: 5 },
    ]);
  });

  it('prefers the query of the form', async () => {
    const { asked } = await search({ query: 'form' }, body([]), 'input');
    expect(asked[0]?.url).toContain('q=form&');
  });

  it('refuses an empty query, and what is no address', async () => {
    await expect(search({}, body([]), ' ')).rejects.toMatchObject({ code: 'missing_value', permanent: true });
    await expect(search({ searxng_url: 'nope' }, body([]), 'x')).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });
});

describe('answers', () => {
  it('gives the best, in short, and leaves out what has no address', async () => {
    const results = [
      hit(1, { content: 'c'.repeat(500) }),
      { title: 'no address' },
      hit(2, { content: null }),
      hit(3),
    ];
    const found = await search({ limit: 2 }, body(results), 'x');
    expect(found).toMatchObject({
      results: [
        { title: 'T1', url: 'https://x/1', snippet: 'c'.repeat(200) },
        { title: 'T2', url: 'https://x/2', snippet: '' },
      ],
      result: expect.stringMatching(/^1\. T1\n[\s\S]*\n\n2\. T2\n/),
    });
    expect(await search({}, body([]), 'x')).toMatchObject({
      results: [],
      result: 'Nothing was found for “x”.',
    });
  });

  it.each([
    [{ status: 403, body: '' }, true],
    [{ status: 429, body: '' }, false],
    [{ status: 502, body: '' }, false],
    [{ body: '<html>' }, true],
    [{ body: '[]' }, true],
  ])('%j fails, for good: %s', async (answer, permanent) => {
    await expect(search({}, answer, 'x')).rejects.toMatchObject({ code: 'search_failed', permanent });
  });
});

it('has its ports, and asks the agent only for what its form leaves open', () => {
  expect(portsText(definition)).toEqual([['query: string'], ['results: array', 'result: string']]);
  const face = (query: string) => definition.tool?.(definition.config.parse({ query }))[0];
  expect(Object.keys(face('')?.parameters['properties'] ?? {})).toEqual(['query']);
  expect(Object.keys(face('news')?.parameters['properties'] ?? {})).toEqual([]);
});
