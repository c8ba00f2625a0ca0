import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ModelDelta } from '#domain/model/model.ts';
import { toolFunction } from '#domain/node/tool.ts';
import { KEY, type ModelStage, startModelStage } from './stage-fixture.ts';

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

const PROVIDERS = ['openai', 'anthropic', 'glm', 'openai_compatible'];
const WAYS = PROVIDERS.flatMap((kind) => [true, false].map((streamed) => [kind, streamed] as const));

const add = toolFunction({
  name: 'add',
  description: 'Adds two numbers.',
  parameters: z.object({ a: z.number(), b: z.number() }),
});
const SCHEMA = {
  name: 'city',
  schema: {
    type: 'object',
    properties: { name: { type: 'string' }, people: { type: 'integer', minimum: 0 } },
    required: ['name', 'people'],
  },
};

function listen(streamed: boolean) {
  const deltas: ModelDelta[] = [];
  return { deltas, ...(streamed && { onDelta: (delta: ModelDelta) => void deltas.push(delta) }) };
}
const idOf = (kind: string): number => credentials[kind] ?? 0;
const textOf = (deltas: readonly ModelDelta[]) =>
  deltas.map((delta) => (delta.kind === 'text' ? delta.text : `[${delta.kind}]`)).join('');

describe.each(WAYS)('%s, streamed: %s', (kind, streamed) => {
  test('answers with text, tokens to the token and a row', async () => {
    const usage = { input: 1_200, cached: 200, output: 34 };
    stage.llm.script({ text: 'Hello there, you.', usage });
    const { deltas, ...more } = listen(streamed);
    const answer = await stage.ask(stage.request(idOf(kind), more), stage.place);
    expect(answer).toMatchObject({
      text: 'Hello there, you.',
      toolCalls: [],
      finish: 'stop',
      model: 'scripted-1',
    });
    expect(answer.usage).toEqual({
      calls: 1,
      inputTokens: 1_200,
      cachedTokens: 200,
      outputTokens: 34,
      costUsd: 0,
    });
    if (streamed) expect(textOf(deltas)).toBe('Hello there, you.');
    const [request] = stage.llm.requests;
    expect(request?.body.stream === true).toBe(streamed);
    const header = kind === 'anthropic' ? 'x-api-key' : 'authorization';
    expect(request?.headers[header]).toBe(kind === 'anthropic' ? KEY : `Bearer ${KEY}`);
    const [row, ...others] = await stage.calls();
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      status: 'ok',
      provider: kind,
      model: 'scripted-1',
      credential_id: idOf(kind),
      input_tokens: 1_200,
      cached_tokens: 200,
      output_tokens: 34,
      is_estimated: false,
      price_version: null,
      reserved_tokens: 0,
      node_id: 'model',
    });
  });

  test('asks for tools, with their arguments put together', async () => {
    stage.llm.script({
      text: 'Let me see.',
      toolCalls: [
        { id: 'c1', name: 'add', args: { a: 1, b: 2 } },
        { id: 'c2', name: 'add', args: { a: 3, b: 4 } },
      ],
    });
    const { deltas: _, ...more } = listen(streamed);
    const request = stage.request(idOf(kind), { ...more, tools: [add] });
    const answer = await stage.ask(request, stage.place);
    expect(answer.finish).toBe('tool_calls');
    expect(answer.toolCalls).toEqual([
      { id: 'c1', name: 'add', arguments: { a: 1, b: 2 } },
      { id: 'c2', name: 'add', arguments: { a: 3, b: 4 } },
    ]);
    expect(stage.llm.requests[0]?.body.tools).toHaveLength(1);
    stage.llm.script({ text: '3 and 7.' });
    const next = stage.request(idOf(kind), {
      ...more,
      tools: [add],
      messages: [
        { role: 'system', content: 'Calculate.' },
        { role: 'user', content: 'Go.' },
        { role: 'assistant', content: 'Let me see.', tool_calls: answer.toolCalls.map((call) => call) },
        { role: 'tool', tool_call_id: 'c1', name: 'add', content: '3' },
        { role: 'tool', tool_call_id: 'c2', name: 'add', content: '7' },
      ],
    });
    expect((await stage.ask(next, stage.place)).text).toBe('3 and 7.');
    expect(stage.llm.requests[1]?.raw).toContain('c2');
  });

  test('fits a schema', async () => {
    stage.llm.script({ object: { name: 'Brno', people: 400_000 } });
    const { deltas: _, ...more } = listen(streamed);
    const answer = await stage.ask(stage.request(idOf(kind), { ...more, schema: SCHEMA }), stage.place);
    expect(answer.object).toEqual({ name: 'Brno', people: 400_000 });
    expect(stage.llm.requests[0]?.raw).toContain('people');
  });

  test('is asked once more when its answer does not fit the schema, and fails when that does not help', async () => {
    stage.llm.script({ object: { name: 'Brno' } }, { object: { name: 'Brno', people: 1 } });
    const { deltas: _, ...more } = listen(streamed);
    const request = stage.request(idOf(kind), { ...more, schema: SCHEMA });
    const answer = await stage.ask(request, stage.place);
    expect(answer).toMatchObject({
      object: { people: 1 },
      usage: { calls: 2, inputTokens: 20, outputTokens: 10 },
    });
    expect(stage.llm.requests[1]?.raw).toContain('does not fit the schema');
    stage.llm.script({ text: 'no' }, { text: 'still no' });
    await expect(stage.ask(request, stage.place)).rejects.toMatchObject({ code: 'model_bad_answer' });
    expect(await stage.calls()).toHaveLength(4);
  });

  test('keeps the arguments of a tool call that are no JSON as text', async () => {
    if (kind === 'anthropic' && !streamed) return;
    stage.llm.script({ toolCalls: [{ id: 'c1', name: 'add', args: '{"a": 1, "b"' }] });
    const { deltas: _, ...more } = listen(streamed);
    const answer = await stage.ask(stage.request(idOf(kind), { ...more, tools: [add] }), stage.place);
    expect(answer.toolCalls).toEqual([{ id: 'c1', name: 'add', arguments: '{"a": 1, "b"' }]);
  });

  test('breaks off, is asked again, and what came before does not count', async () => {
    stage.llm.script(
      { chunks: ['half ', 'an ', 'answer ', 'more'], cut: 'midstream' },
      { chunks: ['a ', 'whole'] },
    );
    const { deltas, ...more } = listen(streamed);
    const answer = await stage.ask(stage.request(idOf(kind), more), stage.place);
    expect(answer).toMatchObject({ text: 'a whole', usage: { calls: 2 } });
    if (streamed) expect(textOf(deltas)).toMatch(/^half .*\[restart\]a whole$/);
    const rows = await stage.calls();
    expect(rows.map(({ status, error_code, is_estimated }) => [status, error_code, is_estimated])).toEqual([
      ['failed', streamed ? 'model_broken_stream' : expect.stringMatching(/model_/), streamed],
      ['ok', null, false],
    ]);
  });

  test('answers with what is no JSON', async () => {
    stage.llm.script({ malformed: true }, { malformed: true }, { malformed: true });
    const { deltas: _, ...more } = listen(streamed);
    const asked = stage.ask(stage.request(idOf(kind), more), stage.place);
    await expect(asked).rejects.toMatchObject({ code: 'model_broken_stream', permanent: false });
    expect(stage.llm.requests).toHaveLength(3);
  });
});
