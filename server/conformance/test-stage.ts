import type { Connection } from '#server/db/connection.ts';
import { startTestServer, type TestServer } from '#server/http/test-server.ts';
import { type Client, createClient } from './client.ts';
import { addPerson, type Person } from './person.ts';

/** A test server with a client that keeps its connections, and an administrator. */
export interface Stage {
  readonly server: TestServer;
  readonly client: Client;
  readonly connection: Connection;
  readonly admin: Person;
  close(): Promise<void>;
}

export const GATEWAY_TOKEN = 'gateway-token-of-the-tests';

export async function openStage(env: Record<string, string> = {}): Promise<Stage> {
  const server = await startTestServer({
    // Nobody listens there: what needs the gateway answers that it cannot be reached.
    PIPEWRIGHT_GATEWAY_URL: 'http://127.0.0.1:9',
    PIPEWRIGHT_GATEWAY_ADMIN_TOKEN: 'gateway-admin-of-the-tests',
    PIPEWRIGHT_GATEWAY_TOKEN: GATEWAY_TOKEN,
    ...env,
  });
  const client = createClient(server.base);
  const { connection } = server;
  const admin = await addPerson(connection, 'root', 'admin');
  return {
    server,
    client,
    connection,
    admin,
    close: async () => {
      client.close();
      await server.close();
    },
  };
}

/** Works through a list with a few at a time. */
export async function inParallel<T>(list: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  const rest = list.values();
  const worker = async (): Promise<void> => {
    for (const one of rest) await act(one);
  };
  await Promise.all(Array.from({ length: 6 }, worker));
}
