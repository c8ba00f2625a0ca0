import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { OutputOf } from '#contract/contract.ts';
import { type AiStage, startAiStage } from '#server/ai-stage-fixture.ts';
import { type Caller, until } from '#server/http/test-server.ts';
import { embeddingTokens, textsOf } from '#server/model/embeddings-wire-fixture.ts';

type Setting = OutputOf<'memorySearch', 'get'>;
type Calls = OutputOf<'models', 'calls'>;

const MODEL = 'text-embedding-3-small';
/** US dollars per million tokens, as it is delivered. */
const PRICE = 0.02;
/** With so many no two words of these tests share a place. */
const SIZE = 512;

let stage: AiStage;
let bob: Caller;
let credential_id: number;

beforeAll(async () => {
  stage = await startAiStage();
  bob = await stage.server.addUser('bob');
  stage.llm.meanings = [
    ['car', 'automobile'],
    ['money', 'funds'],
    ['dog', 'hound'],
  ];
  const { items } = await stage.ada.ok<OutputOf<'credentials', 'list'>>('credentials.list');
  credential_id = items[0]?.id ?? 0;
  const keep = ['memory_write', { key: '{{ trigger.key }}', overwrite: true }] as const;
  await stage.draw('learn', { go: ['trigger_manual'], keep }, ['go.text > keep.value']);
  const look = ['memory_read', { query: '{{ trigger.text }}', key: '{{ trigger.key }}' }] as const;
  await stage.draw('ask', { go: ['trigger_manual'], look }, ['go.text > look.query']);
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.llm.embeddings = null;
});

const setting = () => stage.ada.ok<Setting>('memorySearch.get');
const choose = (more: object = {}, caller = stage.ada) =>
  caller.ok<Setting>('memorySearch.set', {
    credential_id,
    model: MODEL,
    dimensions: SIZE,
    min_similarity: 0.2,
    ...more,
  });
const learn = async (key: string, value: string): Promise<void> => {
  expect((await stage.run('learn', { key, text: value })).status).toBe('completed');
};
/** Until everything that is there has a vector. */
const allEmbedded = () =>
  until(async () => {
    const found = await setting();
    return found.memories.pending === 0 && found.memories.embedded > 0 ? found : null;
  }, 15_000);
async function ask(text: string): Promise<string[]> {
  const { status, error_message, final_output } = await stage.run('ask', { text, key: '' });
  expect(`${status} ${error_message}`.trim()).toBe('completed');
  const outputs = final_output?.['node_outputs'] as { look: { memories: { key: string }[] } };
  return outputs.look.memories.map(({ key }) => key);
}
const vectors = async () =>
  (await stage.server.connection.pool.query('select * from memory_vectors order by id')).rows;
const embeddingRequests = () => stage.llm.others.filter(({ wire }) => wire === 'embeddings');

/** Facts are “key: value”, episodes “Ran …”. */
const isOfMemories = (texts: readonly string[]): boolean =>
  texts.every((text) => text.includes(': ') || text.startsWith('Ran '));

it('finds memories by their words only while no model is chosen, and costs nothing', async () => {
  await learn('parking', 'Our car stands on level three');
  await learn('budget', 'The money is in the safe');
  expect(await ask('safe')).toEqual(['budget']);
  expect(await ask('automobile')).toEqual([]);
  expect(await setting()).toMatchObject({ credential_id: null, model: null, storage: null });
  expect(embeddingRequests()).toEqual([]);
});

it('embeds what is there once a model is chosen, and finds it by its meaning without a common word', async () => {
  expect(await choose()).toMatchObject({ credential_id, model: MODEL, dimensions: SIZE, storage: 'arrays' });
  const { memories } = await allEmbedded();
  expect(memories).toMatchObject({ pending: 0, skipped: 0, embedded: memories.total });
  expect(memories.total).toBeGreaterThan(2);
  expect(await ask('automobile')).toEqual(['parking']);
  expect(await ask('funds')).toEqual(['budget']);
  // What stands in both rankings comes first; what has nothing to do with it stays away.
  expect(await ask('safe automobile')).toEqual(['budget', 'parking']);
  expect(await ask('submarine')).toEqual([]);
});

it('counts every call to the token, for the run that asks or for the environment', async () => {
  const question = 'Where is the other automobile?';
  const asked = () => embeddingRequests().filter(({ body }) => textsOf(body).includes(question));
  const run = await stage.run('ask', { text: question, key: '' });
  const tokens = embeddingTokens([question]);
  expect(run).toMatchObject({ llm_calls: 1, total_tokens: tokens });
  expect(run.total_cost_usd).toBeCloseTo((tokens * PRICE) / 1_000_000, 9);
  expect(asked()).toHaveLength(1);
  expect(asked()[0]?.headers.authorization).toBe('Bearer sk-scripted-0123456789');
  // The same question again is known.
  expect(await stage.run('ask', { text: question, key: '' })).toMatchObject({ llm_calls: 0 });
  expect(asked()).toHaveLength(1);
  await allEmbedded();
  const { items } = await stage.ada.ok<Calls>('models.calls', { limit: 1000, workflow_id: 0 });
  const sent = items.reduce((sum, call) => sum + call.input_tokens, 0);
  const own = embeddingRequests()
    .map(({ body }) => textsOf(body))
    .filter(isOfMemories);
  expect(own.length).toBeGreaterThan(0);
  expect(sent).toBe(own.reduce((sum, texts) => sum + embeddingTokens(texts), 0));
  for (const call of items) expect(call).toMatchObject({ status: 'ok', node_id: 'memory', model: MODEL });
  const usage = await stage.ada.ok<OutputOf<'models', 'usage'>>('models.usage', { by: 'workflow' });
  expect(usage.items.find(({ key }) => key === '0')).toMatchObject({ label: 'Memory', input_tokens: sent });
});

it('finds memories by their words while the provider is down, and embeds what was written meanwhile later', async () => {
  stage.llm.embeddings = () => ({ status: 429, error: 'Slow down.' });
  await learn('pet', 'The dog sleeps by the stove');
  const paused = await until(async () => {
    const found = await setting();
    return found.last_error === null ? null : found;
  });
  expect(paused.paused_until).not.toBeNull();
  expect(paused.memories.pending).toBeGreaterThan(0);
  expect(await ask('stove')).toEqual(['pet']);
  expect(await ask('hound')).toEqual([]);
  stage.llm.embeddings = () => ({ cut: 'before' });
  await stage.ada.ok('memorySearch.rebuild', {});
  expect(await ask('the stove of a hound')).toContain('pet');
  stage.llm.embeddings = () => ({ malformed: true });
  await stage.ada.ok('memorySearch.rebuild', {});
  expect(await ask('who sleeps?')).toEqual(['pet']);
  stage.llm.embeddings = null;
  await stage.ada.ok('memorySearch.rebuild', { what: 'rest' });
  expect(await allEmbedded()).toMatchObject({ paused_until: null, last_error: null });
  expect(await ask('that hound')).toEqual(['pet']);
});

it('forgets the meaning of what has changed, and of what is deleted', async () => {
  await learn('pet', 'The parrot is called Polly');
  await allEmbedded();
  expect(await ask('hound')).toEqual([]);
  const { items } = await stage.ada.ok<OutputOf<'memories', 'facts'>>('memories.facts', { q: 'parking' });
  const ids = items.filter(({ key }) => key === 'parking').map(({ id }) => id);
  expect(ids).toHaveLength(1);
  expect((await vectors()).filter(({ fact_id }) => fact_id === ids[0])).toHaveLength(1);
  await stage.ada.ok('memories.deleteFacts', { ids });
  expect((await vectors()).filter(({ fact_id }) => fact_id === ids[0])).toEqual([]);
  expect(await ask('automobile')).toEqual([]);
});

it('finds by meaning on the screen of memories, after what holds the words', async () => {
  await learn('garage', 'A car needs new tyres');
  await learn('automobile', 'See under garage');
  await allEmbedded();
  const keys = async (input: object) =>
    (await stage.ada.ok<OutputOf<'memories', 'facts'>>('memories.facts', { ...input })).items.map(
      ({ key }) => key,
    );
  expect(await keys({ q: 'automobile' })).toEqual(['automobile', 'garage']);
  expect(await keys({ q: 'automobile', limit: 1, offset: 1 })).toEqual(['garage']);
  expect(await keys({ q: 'automobile', meaning: false })).toEqual(['automobile']);
  expect(await keys({ q: 'automobile', scope: 'session' })).toEqual([]);
  expect(await keys({ q: 'submarine' })).toEqual([]);
});

it('embeds everything anew with another model, and nothing of the old one counts', async () => {
  const before = await vectors();
  expect(await choose({ dimensions: 256 })).toMatchObject({ dimensions: 256, memories: { embedded: 0 } });
  await allEmbedded();
  const after = await vectors();
  expect(after.map(({ dimensions }) => dimensions)).toEqual(after.map(() => 256));
  expect(after.map(({ generation }) => generation)).toEqual(after.map(() => before[0].generation + 1));
  expect(await ask('one more automobile')).toContain('garage');
  // The least similarity alone is no other model.
  const { memories } = await choose({ dimensions: 256, min_similarity: 0.99 });
  expect(memories.embedded).toBeGreaterThanOrEqual(after.length);
  expect(await ask('one more automobile')).toEqual(['automobile']);
  await choose();
  await allEmbedded();
});

it('tries a model without choosing it, and says what is wrong with one', async () => {
  stage.llm.meanings = [...stage.llm.meanings, ['customer', 'buyer'], ['back', 'refund']];
  const good = await stage.ada.ok('memorySearch.test', { credential_id, model: MODEL, dimensions: SIZE });
  expect(good).toMatchObject({ ok: true, error: '', dimensions: SIZE });
  const { alike, unlike } = good as unknown as { alike: number; unlike: number };
  expect(alike).toBeGreaterThan(unlike);
  stage.llm.embeddings = () => ({ status: 401 });
  const bad = await stage.ada.ok<{ ok: boolean; error: string }>('memorySearch.test', {
    credential_id,
    model: 'gone',
  });
  expect(bad.ok).toBe(false);
  expect(bad.error).toMatch(/refused the key of “Models”/);
});

it('passes over what the provider refuses, and pauses where it refuses everything', async () => {
  stage.llm.embeddings = ({ body }) =>
    textsOf(body).some((text) => text.startsWith('secret: ')) ? { status: 400, error: 'Bad input.' } : {};
  await learn('secret', 'The forbidden thing');
  await learn('harmless', 'Fine weather');
  const { memories } = await allEmbedded();
  expect(memories.skipped).toBe(1);
  expect(await ask('forbidden')).toEqual(['secret']);
  stage.llm.embeddings = () => ({ status: 400, error: 'No such dimensions.' });
  await learn('later', 'Something else');
  const paused = await until(async () => {
    const found = await setting();
    return found.last_error === null ? null : found;
  });
  expect(paused.last_error).toContain('No such dimensions.');
  expect(paused.memories).toMatchObject({ skipped: 1 });
  expect(paused.memories.pending).toBeGreaterThan(0);
});

it('asks nobody where no budget is left, and finds by words all the same', async () => {
  await stage.ada.ok('memorySearch.rebuild', {});
  await allEmbedded();
  const { id } = await stage.ada.ok<{ id: number }>('budgets.put', { period: 'day', max_tokens: 1 });
  expect(await ask('sunny weather')).toEqual(['harmless']);
  expect(embeddingRequests().some(({ body }) => textsOf(body).includes('sunny weather'))).toBe(false);
  await stage.ada.ok('budgets.remove', { budget_id: id });
});

it('belongs to the environment, and takes a right to be changed', async () => {
  const refused = await bob.call('memorySearch.set', { credential_id, model: MODEL });
  expect([refused.status, refused.body]).toEqual([
    404,
    expect.objectContaining({ detail: 'LLM credential not found.' }),
  ]);
  const own = await bob.ok<Setting>('memorySearch.get');
  expect(own).toMatchObject({ credential_id: null, memories: { total: 0 } });
  expect((await bob.call('memorySearch.rebuild', {})).status).toBe(409);
  expect((await bob.call('memorySearch.test', { credential_id, model: MODEL })).status).toBe(404);
  expect((await stage.server.nobody.call('memorySearch.get')).status).toBe(401);
  const { id } = await bob.ok<{ id: number }>('credentials.create', {
    name: 'Claude',
    credential_type: 'llm',
    detail: { provider_type: 'anthropic', api_key: 'sk-x' },
  });
  const answer = await bob.call('memorySearch.set', { credential_id: id, model: MODEL });
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.body)).toContain('no embedding models');
  expect((await stage.ada.call('memorySearch.set', { credential_id })).status).toBe(422);
});

it('is off again without a model, with nothing left behind; so too when its credential is deleted', async () => {
  expect(await choose({ credential_id: null })).toMatchObject({ model: null, storage: null });
  expect(await vectors()).toEqual([]);
  expect(await ask('hound or automobile')).toEqual(['automobile']);
  await choose();
  await allEmbedded();
  await stage.ada.ok('credentials.remove', { credential_id });
  expect(await setting()).toMatchObject({ credential_id: null, credential_name: null, model: MODEL });
  expect(await ask('another automobile')).toEqual(['automobile']);
});
