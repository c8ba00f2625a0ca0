import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OutputOf } from '#contract/contract.ts';
import { type AiStage, startAiStage } from '#server/ai-stage-fixture.ts';
import { until } from '#server/http/test-server.ts';
import { textsOf } from '#server/model/embeddings-wire-fixture.ts';

type Setting = OutputOf<'memorySearch', 'get'>;

let stage: AiStage;
let credential_id: number;

beforeAll(async () => {
  stage = await startAiStage();
  const { items } = await stage.ada.ok<OutputOf<'credentials', 'list'>>('credentials.list');
  credential_id = items[0]?.id ?? 0;
  await stage.draw(
    'learn',
    { go: ['trigger_manual'], keep: ['memory_write', { key: '{{ trigger.key }}' }] },
    ['go.text > keep.value'],
  );
  await stage.draw(
    'ask',
    { go: ['trigger_manual'], look: ['memory_read', { query: '{{ trigger.text }}' }] },
    ['go.text > look.query'],
  );
});
afterAll(() => stage.close());

const setting = () => stage.ada.ok<Setting>('memorySearch.get');
const choose = (model: string) =>
  stage.ada.ok<Setting>('memorySearch.set', { credential_id, model, min_similarity: 0.2 });
const run = async (slug: string, payload: object) =>
  expect((await stage.run(slug, payload)).status).toBe('completed');
const allEmbedded = () =>
  until(async () => {
    const { memories } = await setting();
    return memories.pending === 0 && memories.embedded > 0 ? memories : null;
  }, 15_000);

it('pauses where vectors that were paid for cannot be kept', async () => {
  const { pool } = stage.server.connection;
  await pool.query(`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'no room at /secret/path'; end $$`);
  await pool.query('create trigger refuse before insert on memory_vectors execute function refuse()');
  await run('learn', { key: 'colour', text: 'Blue' });
  await choose('text-embedding-3-small');
  const paused = await until(async () => {
    const found = await setting();
    return found.paused_until === null ? null : found;
  }, 15_000);
  expect(paused.last_error).toContain('could not be kept');
  expect(paused.last_error).not.toContain('secret');
  await pool.query('drop trigger refuse on memory_vectors');
  await stage.ada.ok('memorySearch.rebuild', {});
  expect((await allEmbedded()).skipped).toBe(0);
});

it('goes on for others where one workflow may not ask a model without a price', async () => {
  await choose('unpriced-embedding');
  await allEmbedded();
  const { id: workflow_id } = await stage.ada.ok<{ id: number }>('workflows.get', { workflow_slug: 'ask' });
  await stage.ada.ok('budgets.put', { workflow_id, period: 'day', max_usd: 5 });
  await run('ask', { text: 'Which paint?' });
  const asked = stage.llm.others.flatMap(({ body }) => textsOf(body));
  expect(asked).not.toContain('Which paint?');
  expect(await setting()).toMatchObject({ paused_until: null, last_error: null });
});
