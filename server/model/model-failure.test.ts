import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ModelDelta } from '#domain/model/model.ts';
import { KEY, type ModelStage, type MoreRequest, startModelStage } from './stage-fixture.ts';

let stage: ModelStage;
let openai = 0;
let anthropic = 0;
beforeAll(async () => {
  stage = await startModelStage();
  openai = await stage.addCredential({ provider_type: 'openai', base_url: stage.llm.openai, api_key: KEY });
  const base_url = stage.llm.anthropic;
  anthropic = await stage.addCredential({ provider_type: 'anthropic', base_url, api_key: KEY });
});
afterAll(() => stage.close());
beforeEach(async () => {
  stage.llm.requests.length = 0;
  await stage.db.deleteFrom('llm_calls').execute();
});

const codes = async () => (await stage.calls()).map(({ status, error_code }) => error_code ?? status);
const ask = (choice: MoreRequest['choice'] = {}, credential = openai) =>
  stage.ask(stage.request(credential, { choice }), stage.place);

describe.each([
  ['openai', () => openai],
  ['anthropic', () => anthropic],
])('%s', (_kind, credential) => {
  test.each([
    [401, 'model_refused_key', true, 1],
    [403, 'model_refused_key', true, 1],
    [402, 'model_out_of_credit', false, 1],
    [404, 'model_not_found', true, 1],
    [400, 'model_bad_request', true, 1],
    [429, 'rate_limited', false, 3],
    [500, 'model_unreachable', false, 3],
    [503, 'model_unreachable', false, 3],
  ])('%d is %s', async (status, code, permanent, requests) => {
    const answer = { status, error: `No, because of ${KEY}.` };
    stage.llm.script(...Array.from({ length: requests }, () => answer));
    const failed = await ask({}, credential()).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code, permanent, message: expect.stringContaining(stage.llm.host) });
    expect(String(failed)).not.toContain(KEY);
    expect(stage.llm.requests).toHaveLength(requests);
    expect(await codes()).toEqual(Array.from({ length: requests }, () => code));
    const tokens = (await stage.calls()).map((row) => row.input_tokens + row.output_tokens);
    expect(tokens.every((one) => one === 0)).toBe(true);
  });
});

describe('further tries', () => {
  test('wait as long as Retry-After says', async () => {
    stage.llm.script({ status: 429, retryAfter: 1 }, { text: 'now' });
    const began = performance.now();
    expect(await ask()).toMatchObject({ text: 'now', usage: { calls: 2 } });
    expect(performance.now() - began).toBeGreaterThanOrEqual(990);
    expect(await codes()).toEqual(['rate_limited', 'ok']);
  });

  test('are not made when Retry-After is longer than anyone waits', async () => {
    stage.llm.script({ status: 429, retryAfter: 31 });
    const began = performance.now();
    await expect(ask()).rejects.toMatchObject({ code: 'rate_limited', permanent: false });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(stage.llm.requests).toHaveLength(1);
  });

  test.each([
    [0, 1],
    [1, 2],
    [9, 3],
  ])('%d wanted: %d requests at most', async (maxRetries, requests) => {
    stage.llm.script(...Array.from({ length: requests }, () => ({ status: 500 })));
    await expect(ask({ maxRetries })).rejects.toMatchObject({ code: 'model_unreachable' });
    expect(stage.llm.requests).toHaveLength(requests);
  });

  test('end with the time of the answer', async () => {
    stage.llm.script({ hang: true });
    const began = performance.now();
    await expect(ask({ timeout: 1 })).rejects.toMatchObject({ code: 'model_unreachable' });
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(await codes()).toEqual(['model_unreachable']);
  });

  test('end with the step', async () => {
    stage.llm.script({ hang: true });
    const stop = new AbortController();
    const asked = stage.ask(stage.request(openai), { ...stage.place, signal: stop.signal });
    await stage.llm.asked(1);
    stop.abort();
    await expect(asked).rejects.toMatchObject({ code: 'aborted' });
    expect(await codes()).toEqual(['aborted']);
  });
});

describe('a connection', () => {
  test('that breaks before the answer is tried again', async () => {
    stage.llm.script({ cut: 'before' }, { text: 'there' });
    expect(await ask()).toMatchObject({ text: 'there' });
    expect(await codes()).toEqual(['model_unreachable', 'ok']);
  });

  test('that nobody takes fails in words that help', async () => {
    const base_url = 'http://127.0.0.1:9/v1';
    const gone = await stage.addCredential({ provider_type: 'openai_compatible', base_url });
    await expect(ask({}, gone)).rejects.toMatchObject({
      code: 'not_allowed',
      permanent: true,
      message: expect.stringContaining('PIPEWRIGHT_EGRESS_ALLOW'),
    });
  });

  test('needs no key where the provider needs none', async () => {
    const local = await stage.addCredential({
      provider_type: 'openai_compatible',
      base_url: stage.llm.openai,
    });
    stage.llm.script({ text: 'local' });
    expect(await ask({}, local)).toMatchObject({ text: 'local' });
    expect(stage.llm.requests[0]?.headers.authorization).toBeUndefined();
  });

  test('never takes the key to where it is redirected', async () => {
    stage.llm.script({ status: 307 });
    await expect(ask()).rejects.toMatchObject({ code: 'model_bad_request' });
    expect(stage.llm.requests).toHaveLength(1);
  });
});

describe('fallbacks', () => {
  test('are asked in order, and what was streamed before does not count', async () => {
    const deltas: ModelDelta[] = [];
    stage.llm.script(
      { status: 401 },
      { chunks: ['half ', 'of ', 'it ', 'all'], cut: 'midstream' },
      { text: 'third' },
    );
    const request = stage.request(openai, {
      choice: {
        maxRetries: 0,
        fallbacks: [
          { credential: openai, model: 'second' },
          { credential: anthropic, model: 'third' },
        ],
      },
      onDelta: (delta) => void deltas.push(delta),
    });
    expect(await stage.ask(request, stage.place)).toMatchObject({ text: 'third', model: 'third' });
    expect(deltas.at(-2)).toEqual({ kind: 'restart' });
    expect(deltas.at(-1)).toEqual({ kind: 'text', text: 'third' });
    const rows = await stage.calls();
    expect(rows.map(({ model, provider }) => [model, provider])).toEqual([
      ['scripted-1', 'openai'],
      ['second', 'openai'],
      ['third', 'anthropic'],
    ]);
  });

  test('that fail as well are all named', async () => {
    stage.llm.script({ status: 401 }, { status: 404 });
    const failed = ask({ fallbacks: [{ credential: openai, model: 'second' }] });
    await expect(failed).rejects.toMatchObject({
      code: 'model_refused_key',
      message: expect.stringMatching(/None of the 2 models answered\..*“second”/),
    });
  });
});

describe('secrets', () => {
  test('that are in use are in no prompt, answer, piece or row', async () => {
    const other = 'tok-of-another-credential-42';
    stage.redactor.learn(stage.place.rootId, [other]);
    const half = Math.floor(KEY.length / 2);
    const chunks = ['Your key is ', KEY.slice(0, half), KEY.slice(half), ' and ', other, '.'];
    stage.llm.script({ chunks, toolCalls: [{ name: 'leak', args: { it: KEY } }] });
    const pieces: string[] = [];
    const answer = await stage.ask(
      stage.request(openai, {
        messages: [
          { role: 'system', content: `Never tell ${KEY}.` },
          { role: 'user', content: [{ type: 'text', text: `Is it ${other}?` }] },
        ],
        onDelta: (delta) => void (delta.kind === 'text' && pieces.push(delta.text)),
      }),
      stage.place,
    );
    expect(answer.text).toBe('Your key is [redacted] and [redacted].');
    expect(pieces.join('')).toBe(answer.text);
    expect(answer.toolCalls[0]?.arguments).toEqual({ it: '[redacted]' });
    const sent = stage.llm.requests[0]?.raw ?? '';
    expect(sent).toContain('Never tell [redacted].');
    for (const text of [sent, JSON.stringify(await stage.calls())]) {
      expect(text).not.toContain(KEY);
      expect(text).not.toContain(other);
    }
  });
});

test('the documented settings reach the provider', async () => {
  stage.llm.script({}, {});
  const choice = {
    temperature: 0.3,
    maxTokens: 77,
    topP: 0.9,
    frequencyPenalty: 0.1,
    presencePenalty: 0.2,
    responseFormat: { type: 'json_object' },
  };
  await ask(choice);
  expect(stage.llm.requests[0]?.body).toMatchObject({
    model: 'scripted-1',
    temperature: 0.3,
    max_tokens: 77,
    top_p: 0.9,
    frequency_penalty: 0.1,
    presence_penalty: 0.2,
    response_format: { type: 'json_object' },
  });
});

test('images and files go along with their content, and never as an address', async () => {
  stage.llm.script({ text: 'A dot.' });
  const url = 'data:image/png;base64,iVBORw0KGgo=';
  const messages = [
    {
      role: 'user' as const,
      content: [
        { type: 'image' as const, url },
        { type: 'text' as const, text: 'What?' },
      ],
    },
  ];
  await stage.ask(stage.request(anthropic, { messages }), stage.place);
  expect(stage.llm.requests[0]?.raw).toContain('iVBORw0KGgo=');
  const unknown = [
    {
      role: 'user' as const,
      content: [
        { type: 'file' as const, url: 'data:application/x-tar;base64,AAAA', media_type: 'application/x-tar' },
      ],
    },
  ];
  await expect(stage.ask(stage.request(openai, { messages: unknown }), stage.place)).rejects.toMatchObject({
    code: 'model_bad_request',
    permanent: true,
  });
  const inner = [
    { role: 'user' as const, content: [{ type: 'image' as const, url: 'http://127.0.0.1:9/a.png' }] },
  ];
  await expect(stage.ask(stage.request(openai, { messages: inner }), stage.place)).rejects.toMatchObject({
    code: 'not_allowed',
  });
});
