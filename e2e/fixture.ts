import { test as base, expect } from '@playwright/test';
import { RestClient } from './rest-client.ts';
import { type RunningServer, startServer } from './server.ts';
import { startTargetServer, type TargetServer } from './target-server.ts';

export const PERSON = { username: 'ada', password: 'correct horse battery' } as const;

/** A server with one account. */
export interface Installation extends RunningServer {
  readonly rest: RestClient;
  /** A server its workflows may call. */
  readonly target: TargetServer;
}

interface WorkerFixtures {
  installation: Installation;
}

interface TestFixtures {
  /** Makes the browser of the test signed in as {@link PERSON}. */
  signedIn: Installation;
  /** A server that nobody has set up yet, for this test alone. */
  emptyServer: RunningServer;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  installation: [
    async ({}, use) => {
      const target = await startTargetServer();
      const server = await startServer({ PIPEWRIGHT_EGRESS_ALLOW: target.address });
      const key = await makeAccount(server.url);
      await use({ ...server, target, rest: new RestClient(server.url, key) });
      await server.stop();
      await target.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  emptyServer: async ({}, use) => {
    const server = await startServer();
    await use(server);
    await server.stop();
  },
  signedIn: async ({ installation, page }, use) => {
    const answer = await page.request.post(`${installation.url}/api/v1/auth/session`, { data: PERSON });
    expect(answer.status()).toBe(200);
    await use(installation);
  },
});

export { expect } from '@playwright/test';

/** The first account; gives its key. */
export async function makeAccount(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/auth/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(PERSON),
  });
  const { key } = (await answer.json()) as { key: string };
  if (!answer.ok) throw new Error(`Setting up was answered with ${answer.status}.`);
  return key;
}
