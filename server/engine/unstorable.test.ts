import { afterAll, beforeAll, expect, it } from 'vitest';
import { failureOf } from '#domain/run/execute-step.ts';
import { type Connection, connect } from '#server/db/connection.ts';
import { createTestDatabase } from '#server/db/template-database.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let connection: Connection;
beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, 1);
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

it.each([
  ['in a text', 'select $1::text', 'a\0b'],
  ['in JSON', 'select $1::jsonb', JSON.stringify({ a: '\0' })],
])('a NUL %s is told in words, and not tried again', async (_, statement, value) => {
  const error: unknown = await connection.pool.query(statement, [value]).catch((thrown: unknown) => thrown);
  expect(failureOf(error)).toEqual({
    kind: 'failed',
    code: 'bad_text',
    permanent: true,
    message: 'A text holds a NUL character, which can neither be kept nor looked for. Take it out first.',
  });
});
