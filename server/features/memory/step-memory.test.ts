import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '#domain/chat/message.ts';
import { type Connection, connect } from '#server/db/connection.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import type { EndedRun, StepPlace } from '#server/engine/interface.ts';
import { storeWorkflow } from '#server/engine/test-engine.ts';
import { closeEpisode } from './episode.ts';
import { ask, type Flow, fact, type RunDetail, storeRun } from './memory-fixture.ts';
import { createStepMemory } from './step-memory.ts';

let database: TestDatabase;
let connection: Connection;
beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, 5);
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

const newFlow = async (): Promise<Flow> => storeWorkflow(connection.pool, { nodes: [], edges: [] });

const newRun = (flow: Flow, more: RunDetail = {}) => storeRun(connection.pool, flow, more);
const of = (place: StepPlace) => createStepMemory(connection.db)(place);
const inNewRun = async (flow: Flow) => of(await newRun(flow));

async function end(place: StepPlace, status: EndedRun['status'], output: unknown = null): Promise<void> {
  await connection.pool.query(
    'update executions set status = $2, output = $3, finished_at = now() where id = $1',
    [place.executionId, status, JSON.stringify(output)],
  );
  const { executionId, environmentId, workflowId } = place;
  const error = status === 'failed' ? { code: 'budget_exceeded', message: 'No money.', node: 'agent' } : null;
  const run = { executionId, environmentId, workflowId, triggerKind: 'manual', status, error, depth: 0 };
  await closeEpisode(connection.db, () => undefined, run);
}

describe('facts', () => {
  it('are found by their key however it is written, by any run of the environment and by no other', async () => {
    const here = await newFlow();
    const { memory } = await inNewRun(here);
    await memory(fact('favourite_drink', { likes: 'tea' }));
    const later = await inNewRun(here);
    for (const key of ['favourite_drink', 'Favourite Drink', 'favourite-drink', ' favourite  drink ']) {
      const [found] = await later.memory(ask({ key }));
      expect(found).toMatchObject({ kind: 'facts', key: 'favourite_drink', value: { likes: 'tea' } });
    }
    const elsewhere = await inNewRun(await newFlow());
    expect(await elsewhere.memory(ask({ key: 'favourite_drink' }))).toEqual([]);
    expect(await elsewhere.memory(ask({ query: 'tea' }))).toEqual([]);
    expect(await elsewhere.memory(ask())).toEqual([]);
    const { rows } = await connection.pool.query(
      'select access_count from memory_facts where environment_id = $1',
      [here.environmentId],
    );
    expect(rows).toEqual([{ access_count: 4 }]);
  });

  it('are found by their words, their beginnings and English stems, the best first', async () => {
    const { memory } = await inNewRun(await newFlow());
    await memory(fact('office', 'The office moved to Lyon in spring'));
    await memory(fact('printer', 'The printer in Lyon jams; the office calls Ada'));
    await memory(fact('pets', ['Rex', { cat: 'Größenwahn' }]));
    const keys = async (query: string) => (await memory(ask({ query }))).map(({ key }) => key);
    expect(await keys('where did the office move?')).toEqual(['office', 'printer']);
    expect(await keys('print')).toEqual(['printer']);
    expect(await keys('größenw')).toEqual(['pets']);
    expect(await keys('cat')).toEqual(['pets']);
    expect(await keys('submarine')).toEqual([]);
    expect(await keys(`'; drop table memory_facts; -- & | ! :*`)).toEqual([]);
    expect(await keys('?!')).toEqual([]);
    expect((await memory(ask({ key: 'unknown key', query: 'jams' }))).map(({ key }) => key)).toEqual([
      'printer',
    ]);
    expect((await memory(ask({ limit: 2 }))).map(({ key }) => key)).toEqual(['pets', 'printer']);
  });

  it('are confirmed, replaced or kept, and grow surer', async () => {
    const { memory } = await inNewRun(await newFlow());
    expect(await memory(fact('city', 'Lyon'))).toEqual({
      outcome: 'created',
      created: true,
      timesConfirmed: 1,
    });
    expect(await memory(fact('City', 'Lyon'))).toMatchObject({ outcome: 'confirmed', timesConfirmed: 2 });
    const [surer] = await memory(ask({ key: 'city' }));
    expect(surer?.confidence).toBeCloseTo(0.86);
    expect(await memory(ask({ key: 'city', minConfidence: 0.9 }))).toEqual([]);
    expect(await memory(fact('city', 'Paris', { overwrite: false }))).toMatchObject({ outcome: 'kept' });
    expect((await memory(ask({ key: 'city' })))[0]?.value).toBe('Lyon');
    expect(await memory(fact('city', 'Paris', { factType: 'correction' }))).toMatchObject({
      outcome: 'replaced',
      timesConfirmed: 1,
    });
    expect((await memory(ask({ key: 'city' })))[0]).toMatchObject({ value: 'Paris', confidence: 1 });
  });

  it('that two runs learn at once are one', async () => {
    const flow = await newFlow();
    const runs = await Promise.all(Array.from({ length: 5 }, () => inNewRun(flow)));
    const outcomes = await Promise.all(runs.map(({ memory }, n) => memory(fact(`a${'_- '[n % 3]}b`, 1))));
    expect(outcomes.map(({ timesConfirmed }) => timesConfirmed).toSorted((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5,
    ]);
  });

  it('are not looked for, nor people, by what PostgreSQL cannot hold', async () => {
    const { memory } = await inNewRun(await newFlow());
    const who = { kind: 'identify', channel: 'telegram', externalId: '7', displayName: null } as const;
    for (const request of [
      ask({ key: 'odd\0' }),
      ask({ query: 'odd\0' }),
      ask({ key: '\ud800' }),
      { ...who, externalId: '7\0' },
      { ...who, channel: 'tele\0gram' },
    ]) {
      await expect(memory(request)).rejects.toMatchObject({
        code: 'bad_memory',
        permanent: true,
        message: expect.stringContaining('Take it out first.'),
      });
    }
    expect(await memory({ ...who, displayName: 'Gr\0ace' })).toMatchObject({
      context: { display_name: 'Grace' },
    });
  });

  it('keep what PostgreSQL cannot, and refuse what is too much', async () => {
    const { memory } = await inNewRun(await newFlow());
    await memory(fact('odd\0', { 'a\0b': 'x\0y\ud800', path: 'C:\\u0000' }));
    expect((await memory(ask({ key: 'odd' })))[0]?.value).toEqual({ ab: 'xy\ufffd', path: 'C:\\u0000' });
    for (const request of [
      fact('', 1),
      fact('_ -', 1),
      fact('k'.repeat(201), 1),
      fact('big', 'x'.repeat(70_000)),
    ]) {
      await expect(memory(request)).rejects.toMatchObject({ code: 'bad_memory', permanent: true });
    }
  });
});

describe('people', () => {
  const identify = (externalId: string) =>
    ({ kind: 'identify', channel: 'telegram', externalId, displayName: 'Grace' }) as const;

  it('are known again, count once for every run, and have facts of their own', async () => {
    const flow = await newFlow();
    const first = await inNewRun(flow);
    for (const _ of [1, 2]) {
      expect(await first.memory(identify('7'))).toMatchObject({
        userId: 'telegram:7',
        isNew: true,
        context: { display_name: 'Grace', total_conversations: 1, facts: {} },
      });
    }
    await first.memory(fact('drink', 'tea', { factType: 'user_preference' }));
    const other = await inNewRun(flow);
    await other.memory(identify('8'));
    expect(await other.memory(ask({ key: 'drink' }))).toEqual([]);
    await other.memory(fact('drink', 'rum', { factType: 'user_preference' }));
    const again = await inNewRun(flow);
    expect(await again.memory(identify('7'))).toMatchObject({
      isNew: false,
      context: { total_conversations: 2, facts: { drink: 'tea' } },
    });
    await again.memory(fact('drink', 'water'));
    expect((await again.memory(ask({ key: 'drink' }))).map(({ value }) => value)).toEqual(['tea', 'water']);
  });

  it('are not whom only the chat knows, for saying so', async () => {
    const { memory } = await inNewRun(await newFlow());
    for (const channel of ['user', ' Visitor ']) {
      const claim = { ...identify('1'), channel };
      await expect(memory(claim)).rejects.toMatchObject({ code: 'bad_memory', permanent: true });
    }
  });

  it('are not made up', async () => {
    const { memory } = await inNewRun(await newFlow());
    await expect(memory({ ...identify(' ') })).rejects.toMatchObject({ code: 'bad_memory' });
    await expect(memory(fact('a', 1, { scope: 'user' }))).rejects.toMatchObject({ code: 'bad_memory' });
  });
});

describe('episodes and procedures', () => {
  it('a run is one episode, which later runs of its workflow find', async () => {
    const flow = await newFlow();
    const place = await newRun(flow, { trigger: { text: 'Book a table' } });
    await of(place).conversation({ name: 'agent' });
    expect(await of(place).memory(ask({ memory: 'episodes' }))).toEqual([]);
    await end(place, 'completed', { output: 'Booked for eight' });
    await end(place, 'failed');
    const { memory } = await inNewRun(flow);
    const episodes = await memory(ask({ memory: 'episodes', query: 'table booked' }));
    expect(episodes.map(({ value }) => value)).toEqual([
      { summary: 'Asked: Book a table\nAnswered: Booked for eight', success: true, error_code: null },
    ]);
    const silent = await newRun(flow);
    await end(silent, 'completed');
    const failed = await newRun(flow);
    await of(failed).memory(ask());
    await end(failed, 'failed');
    const all = await (await inNewRun(flow)).memory(ask({ memory: 'episodes' }));
    expect(all.map(({ value }) => (value as { error_code: string | null }).error_code)).toEqual([
      'budget_exceeded',
      null,
    ]);
  });

  it('a procedure is judged by the runs that used it', async () => {
    const flow = await newFlow();
    const { memory } = await inNewRun(flow);
    const learned = {
      kind: 'learn',
      name: 'book a table',
      description: 'Restaurants',
      content: ['call'],
    } as const;
    expect(await memory(learned)).toEqual({ created: true });
    expect(await memory({ ...learned, content: ['mail'] })).toEqual({ created: false });
    for (const status of ['completed', 'completed', 'completed', 'failed'] as const) {
      const place = await newRun(flow);
      for (const _ of [1, 2]) await of(place).memory(ask({ memory: 'procedures', key: 'book_a_table' }));
      await end(place, status);
      await end(place, status);
    }
    const [found] = await (await inNewRun(flow)).memory(ask({ memory: 'all', query: 'restaurants' }));
    expect(found).toMatchObject({ kind: 'procedures', confidence: 0.75, value: { steps: ['mail'] } });
    const elsewhere = await inNewRun(await newFlow());
    expect(await elsewhere.memory(ask({ memory: 'all', query: 'restaurants' }))).toEqual([]);
  });
});

describe('conversations', () => {
  const said = (...texts: string[]): Message[] =>
    texts.map((content, n) => ({ role: n % 2 === 0 ? 'user' : 'assistant', content }));
  const agent = { name: 'agent' };
  const rows = async (flow: Flow) => {
    const found = await connection.pool.query<{ checkpoint_ns: string; blob_size: number; bytes: number }>(
      `select checkpoint_ns, checkpoint_id, parent_checkpoint_id, blob_size, octet_length(state::text) as bytes
       from memory_checkpoints where environment_id = $1 order by step`,
      [flow.environmentId],
    );
    return found.rows;
  };

  it('go on from run to run, each agent with its own, in two rows however long they are', async () => {
    const flow = await newFlow();
    let expected: Message[] = [];
    for (const n of [1, 2, 3]) {
      const place = await newRun(flow);
      const { conversation, keepConversation } = of(place);
      expect(await conversation(agent)).toEqual(expected);
      expected = [...expected, ...said(`question ${n}`, `answer ${n}`)];
      await keepConversation(agent, expected);
      expect(await of({ ...place, node: 'other' }).conversation({ name: 'other' })).toEqual([]);
    }
    const kept = await rows(flow);
    expect(kept).toHaveLength(2);
    for (const { blob_size, bytes } of kept) expect(blob_size).toBe(bytes);
  });

  it('a step that begins anew goes on from where it began, and writes nothing twice', async () => {
    const flow = await newFlow();
    await (await inNewRun(flow)).keepConversation(agent, said('hello', 'hi'));
    const place = await newRun(flow);
    for (const _ of [1, 2, 3]) {
      const { conversation, keepConversation } = of(place);
      const before = await conversation(agent);
      expect(before).toEqual(said('hello', 'hi'));
      await keepConversation(agent, [...before, ...said('how are you', 'well')]);
    }
    expect(await rows(flow)).toHaveLength(2);
    const next = await (await inNewRun(flow)).conversation(agent);
    expect(next).toEqual(said('hello', 'hi', 'how are you', 'well'));
  });

  it('take in what two runs say at once, and stay forgotten when they are deleted meanwhile', async () => {
    const flow = await newFlow();
    const [one, two] = [await inNewRun(flow), await inNewRun(flow)];
    await one.conversation(agent);
    await two.conversation(agent);
    await one.keepConversation(agent, said('a', 'b'));
    await two.keepConversation(agent, said('c', 'd'));
    const three = await inNewRun(flow);
    expect(await three.conversation(agent)).toEqual(said('a', 'b', 'c', 'd'));
    await connection.pool.query('delete from memory_checkpoints where environment_id = $1', [
      flow.environmentId,
    ]);
    await three.keepConversation(agent, said('a', 'b', 'c', 'd', 'e', 'f'));
    expect(await (await inNewRun(flow)).conversation(agent)).toEqual(said('e', 'f'));
  });

  it('belong to the topmost run, and to the person who started it', async () => {
    const flow = await newFlow();
    const called = await newFlow();
    const root = await newRun(flow);
    await of(root).keepConversation(agent, said('mine', 'yours'));
    const child = await newRun(
      { ...called, environmentId: flow.environmentId },
      { rootId: root.executionId },
    );
    expect(await of(child).conversation(agent)).toEqual([]);
    await of(child).keepConversation(agent, said('inner', 'voice'));
    const { rows: found } = await connection.pool.query<{ thread_id: string; checkpoint_ns: string }>(
      'select thread_id, checkpoint_ns from memory_checkpoints where environment_id = $1 order by checkpoint_ns',
      [flow.environmentId],
    );
    const [inner, outer] = found;
    expect(inner?.thread_id).toBe(outer?.thread_id);
    expect(found.map((row) => row.checkpoint_ns)).toEqual([`${called.workflowId}/agent`, 'agent']);
    const { rows: users } = await connection.pool.query<{ id: number }>('select max(id) as id from users');
    const somebody = await newRun(flow, { startedBy: users[0]?.id ?? 0 });
    expect(await of(somebody).conversation(agent)).toEqual([]);
  });

  it('let go of pictures before they let go of words', async () => {
    const flow = await newFlow();
    const picture = (kilobytes: number) =>
      ({ type: 'image', url: `data:image/png;base64,${'A'.repeat(kilobytes * 1000)}` }) as const;
    const shown = (text: string, kilobytes: number): Message => ({
      role: 'user',
      content: [{ type: 'text', text }, picture(kilobytes)],
    });
    const told: Message[] = [
      ...said('I am Ada', 'Hello Ada'),
      shown('First', 900),
      { role: 'assistant', content: 'A cat' },
      shown('Second', 2700),
      { role: 'assistant', content: 'A dog' },
      shown('Third', 900),
      { role: 'assistant', content: 'A bird' },
    ];
    await (await inNewRun(flow)).keepConversation(agent, told);
    const kept = await (await inNewRun(flow)).conversation(agent);
    const note = { type: 'text', text: '(a picture that is no longer kept)' };
    expect(kept).toEqual(
      told.map((one, at) => {
        const text = { 2: 'First', 4: 'Second' }[at];
        return text === undefined ? one : { role: 'user', content: [{ type: 'text', text }, note] };
      }),
    );
  });

  it('let go of their beginning when they grow too large', async () => {
    const flow = await newFlow();
    const long = Array.from({ length: 60 }, (_, n) => said(`${n} ${'x'.repeat(50_000)}`, 'ok')).flat();
    await (await inNewRun(flow)).keepConversation(agent, long);
    const kept = await (await inNewRun(flow)).conversation(agent);
    expect(kept.length).toBeGreaterThan(70);
    expect(kept.length).toBeLessThan(90);
    expect(kept[0]?.role).toBe('user');
    expect(kept.at(-2)).toEqual(long.at(-2));
  });
});
