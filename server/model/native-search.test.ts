import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Message } from '#domain/chat/message.ts';
import type { ModelAnswer, ModelDelta } from '#domain/model/model.ts';
import { toolFunction } from '#domain/node/tool.ts';
import { KEY, type ModelStage, type MoreRequest, startModelStage } from './stage-fixture.ts';

let stage: ModelStage;
const credentials: Record<string, number> = {};
beforeAll(async () => {
  stage = await startModelStage();
  const { openai, anthropic } = stage.llm;
  const bases = { openai, anthropic, glm: openai, openai_compatible: openai };
  for (const [provider_type, base_url] of Object.entries(bases)) {
    credentials[provider_type] = await stage.addCredential({ provider_type, base_url, api_key: KEY });
  }
});
afterAll(() => stage.close());
beforeEach(async () => {
  stage.llm.requests.length = 0;
  await stage.db.deleteFrom('llm_calls').execute();
});

const add = toolFunction({
  name: 'add',
  description: 'Adds two numbers.',
  parameters: z.object({ a: z.number(), b: z.number() }),
});
const FOUND = [
  { url: 'https://weather.example/a', title: 'Weather' },
  { url: 'https://news.example/b', title: 'News' },
];
const SEARCH = { query: 'weather in Bern', results: FOUND };
const WAYS = ['openai', 'anthropic'].flatMap((kind) =>
  [true, false].map((streamed) => [kind, streamed] as const),
);

function ask(kind: string, more: MoreRequest = {}, streamed = false): Promise<ModelAnswer> {
  const deltas: ModelDelta[] = [];
  const own = { ...more, choice: { nativeSearch: true, ...more.choice } };
  const listening = streamed ? { onDelta: (delta: ModelDelta) => void deltas.push(delta) } : {};
  return stage.ask(stage.request(credentials[kind] ?? 0, { ...own, ...listening }), stage.place);
}

describe.each(WAYS)('%s, streamed: %s', (kind, streamed) => {
  test('offers its own search, and tells what it has searched for and found', async () => {
    stage.llm.script({ searches: [SEARCH], text: 'It rains.', usage: { input: 900, output: 30 } });
    const answer = await ask(kind, { tools: [add] }, streamed);
    expect(answer).toMatchObject({
      text: 'It rains.',
      toolCalls: [],
      finish: 'stop',
      searches: [{ query: 'weather in Bern', sources: FOUND }],
      usage: { calls: 1, inputTokens: 900, outputTokens: 30 },
    });
    const [request] = stage.llm.requests;
    expect(request?.wire).toBe(kind === 'openai' ? 'responses' : 'anthropic');
    const tools = request?.body.tools?.map(({ type, name }) => [type, name]);
    expect(tools).toContainEqual([
      kind === 'openai' ? 'web_search' : 'web_search_20250305',
      kind === 'openai' ? undefined : 'web_search',
    ]);
    expect(tools?.some(([, name]) => name === 'add')).toBe(true);
    expect(await stage.calls()).toMatchObject([{ status: 'ok', input_tokens: 900, output_tokens: 30 }]);
  });

  test('is shown its own search again, beside what a tool of ours gave', async () => {
    stage.llm.script(
      { searches: [SEARCH], text: 'I add.', toolCalls: [{ name: 'add', args: { a: 1, b: 2 } }] },
      { text: 'Rain, and 3.' },
    );
    const first = await ask(kind, { tools: [add] }, streamed);
    // Only what is ours to do.
    expect(first.toolCalls).toMatchObject([{ name: 'add', arguments: { a: 1, b: 2 } }]);
    const { text: content, toolCalls: tool_calls, native } = JSON.parse(JSON.stringify(first)) as ModelAnswer;
    const messages: Message[] = [
      { role: 'user', content: 'Weather, and 1 + 2?' },
      { role: 'assistant', content, tool_calls: [...tool_calls], ...(native && { native }) },
      { role: 'tool', tool_call_id: tool_calls[0]?.id ?? '', name: 'add', content: '3' },
    ];
    expect(await ask(kind, { tools: [add], messages }, streamed)).toMatchObject({ text: 'Rain, and 3.' });
    const raw = stage.llm.requests[1]?.raw ?? '';
    if (kind === 'anthropic') {
      expect(JSON.parse(raw).messages[1].content).toMatchObject([
        { type: 'server_tool_use', name: 'web_search', input: { query: 'weather in Bern' } },
        { type: 'web_search_tool_result', content: [{ encrypted_content: `sealed:${FOUND[0]?.url}` }, {}] },
        { type: 'text', text: 'I add.' },
        { type: 'tool_use', name: 'add', input: { a: 1, b: 2 } },
      ]);
      return;
    }
    const body = JSON.parse(raw);
    expect(body.store).toBe(false);
    expect(body.input.slice(1)).toMatchObject([
      { type: 'web_search_call', action: { type: 'search', query: 'weather in Bern' } },
      { role: 'assistant', content: 'I add.' },
      { type: 'function_call', name: 'add' },
      { type: 'function_call_output', output: '3' },
    ]);
  });

  test('tells of a search that failed', async () => {
    stage.llm.script({ searches: [{ query: 'x', error: 'max_uses_exceeded' }], text: 'I could not look.' });
    const { searches } = await ask(kind, {}, streamed);
    if (kind === 'anthropic')
      expect(searches).toMatchObject([{ query: 'x', sources: [], error: 'max_uses_exceeded' }]);
    else expect(searches).toMatchObject([{ query: '', sources: [], error: expect.any(String) }]);
  });
});

test('what one provider has sealed is not shown to another', async () => {
  stage.llm.script({ searches: [SEARCH], text: 'It rains.' }, { text: 'Yes.' });
  const { native } = await ask('anthropic');
  const messages: Message[] = [
    { role: 'user', content: 'Weather?' },
    { role: 'assistant', content: 'It rains.', ...(native && { native }) },
    { role: 'user', content: 'Sure?' },
  ];
  await ask('openai', { messages });
  expect(stage.llm.requests[1]?.raw).toContain('It rains.');
  expect(stage.llm.requests[1]?.raw).not.toMatch(/sealed|"type":"web_search_call/);
});

test('a provider that pauses in the middle of its searching is asked to go on', async () => {
  stage.llm.script(
    { searches: [SEARCH], text: 'Let me see. ', pauses: true, usage: { input: 100, output: 10 } },
    { searches: [{ ...SEARCH, query: 'more' }], text: 'It rains.', usage: { input: 200, output: 20 } },
  );
  const answer = await ask('anthropic', {}, true);
  expect(answer).toMatchObject({
    text: 'Let me see. It rains.',
    finish: 'stop',
    searches: [{ query: 'weather in Bern' }, { query: 'more' }],
    usage: { calls: 2, inputTokens: 300, outputTokens: 30 },
  });
  expect(stage.llm.requests[1]?.raw).toContain(`sealed:${FOUND[0]?.url}`);
  expect(await stage.calls()).toHaveLength(2);
});

test.each(['openai_compatible', 'glm'])('%s has none, says so, and is not asked', async (kind) => {
  await expect(ask(kind)).rejects.toMatchObject({
    code: 'native_search_unavailable',
    permanent: true,
    message: expect.stringMatching(/“Models” .*has no web search of its own.*Turn “Search the web” off/),
  });
  expect(stage.llm.requests).toHaveLength(0);
  expect(await stage.calls()).toHaveLength(0);
});

test('without it nothing changes', async () => {
  stage.llm.script({ text: 'Plain.' });
  const answer = await ask('openai', { choice: { nativeSearch: false } });
  expect(answer).not.toHaveProperty('searches');
  expect(stage.llm.requests[0]).toMatchObject({ wire: 'openai' });
  expect(stage.llm.requests[0]?.raw).not.toContain('web_search');
});
