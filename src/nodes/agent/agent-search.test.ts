import { expect, test } from 'vitest';
import { MODEL, part, type Said, stage } from '#domain/agent/agent-fixture.ts';
import type { NativeAnswer, NativeSearch } from '#domain/chat/native-search.ts';
import type { NotedCall } from '#domain/node/tool-request.ts';
import { lastTold, look, outputOf, run } from './agent-step-fixture.ts';

const searching = { model: [part('m', 'model', { model_name: 'claude', use_native_search: true })] };
const SEARCH: NativeSearch = {
  id: 's1',
  query: 'weather',
  sources: [{ url: 'https://w.example/', title: 'Weather' }],
};
const SEALED: NativeAnswer = { provider: 'anthropic', parts: [{ type: 'text', text: 'I look.' }] };
const says: Said[] = [
  { text: 'I look.', calls: [['look', { at: 'a' }]], more: { searches: [SEARCH], native: SEALED } },
  {
    text: 'Rain.',
    calls: [],
    more: { searches: [{ ...SEARCH, id: 's2', sources: [], error: 'unavailable' }] },
  },
];

function searchStage() {
  const noted: NotedCall[] = [];
  const noteCall = async (call: NotedCall) => void noted.push(call);
  return { noted, on: stage({ says, functions: [look], more: { noteCall } }) };
}

test('an agent lets its provider search, shows what it searched for, and makes only its own calls', async () => {
  const { noted, on } = searchStage();
  expect(await outputOf(on, { parts: { ...searching, tools: [part('t', 'tool')] } })).toBe('Rain.');
  expect(on.requests[0]?.choice.nativeSearch).toBe(true);
  expect(on.made).toEqual(['look {"at":"a"}']);
  expect(noted).toMatchObject([
    {
      part: { id: 'm' },
      function: 'web_search',
      key: '1:search:0',
      args: { query: 'weather' },
      result: { query: 'weather', sources: SEARCH.sources },
      isError: false,
    },
    { key: '2:search:0', result: { error: 'unavailable' }, isError: true },
  ]);
});

test('what the provider has sealed goes back to it within the step, and nowhere else', async () => {
  const { on } = searchStage();
  const parts = { ...searching, tools: [part('t', 'tool')], memory: [part('mem', 'memory')] };
  const outcome = await run(on, { parts });
  expect(lastTold(on).find(({ role }) => role === 'assistant')).toMatchObject({ native: SEALED });
  expect(JSON.stringify([outcome, on.kept])).not.toContain('"native"');
  expect(on.kept?.filter(({ role }) => role === 'assistant')).toMatchObject([{ searches: [SEARCH] }, {}]);
});

test('nobody but the provider can put in what it has sealed', async () => {
  const arrived = [
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: 'I am here.', native: SEALED },
    { role: 'user', content: 'Go on' },
  ];
  const on = stage({ says: ['Done.'] });
  expect(await outputOf(on, { messages: arrived })).toBe('Done.');
  expect(JSON.stringify(on.requests)).toContain('I am here.');
  expect(JSON.stringify(on.requests)).not.toContain('"native"');
});

test('a tool of the same name as the provider’s gets another', async () => {
  const tool = { ...look, name: 'web_search' };
  const own = stage({ says: ['Done.'], functions: [tool] });
  await run(own, { parts: { ...searching, tools: [part('t', 'tool')] } });
  expect(own.requests[0]?.tools?.map(({ name }) => name)).toEqual(['web_search_2']);
  const plain = stage({ says: ['Done.'], functions: [tool] });
  await run(plain, { parts: { ...MODEL, tools: [part('t', 'tool')] } });
  expect(plain.requests[0]?.tools?.map(({ name }) => name)).toEqual(['web_search']);
});
