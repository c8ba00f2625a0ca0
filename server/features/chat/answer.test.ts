import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';
import { settleAnswer } from './answer.ts';
import { drawTalk, type History, type Sent, whenThere } from './test-talk.ts';

let server: TestServer;
let bob: Caller;
const workflow_slug = 'talk';

beforeAll(async () => {
  server = await startTestServer();
  bob = await server.addUser('bob');
  await drawTalk(bob, workflow_slug);
});
afterAll(() => server.close());

const query = (sql: string, values: unknown[]) => server.connection.pool.query(sql, values);
const history = () => bob.ok<History>('chat.history', { workflow_slug, limit: 0 });
const answers = async () => (await history()).messages.filter(({ role }) => role === 'assistant');

it('gives a message whose run was never started up, and takes the run’s answer when it comes after all', async () => {
  const { execution_id } = await bob.ok<Sent>('chat.send', { workflow_slug, text: 'hello' });
  await whenThere(history, 2);
  expect((await answers()).map(({ text }) => text)).toEqual(['You said: hello']);

  // As if the process had died between writing the message down and starting its run.
  const lost = randomUUID();
  await query(`update chat_messages set execution_id = $1 where execution_id = $2 and role = 'user'`, [
    lost,
    execution_id,
  ]);
  await query(`delete from chat_messages where execution_id = $1`, [execution_id]);
  expect(await answers()).toEqual([]);
  await query(`update chat_messages set created_at = now() - interval '16 seconds' where execution_id = $1`, [
    lost,
  ]);
  expect((await answers()).map(({ error_code }) => error_code)).toEqual(['not_started']);

  // The start was only slow: the run is there now, and has ended.
  await query(`update chat_messages set execution_id = $2 where execution_id = $1`, [lost, execution_id]);
  await settleAnswer(server.connection.db, execution_id);
  await settleAnswer(server.connection.db, execution_id);
  expect((await answers()).map(({ text, error_code }) => [text, error_code])).toEqual([
    ['You said: hello', null],
  ]);
});
