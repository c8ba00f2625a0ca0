import { type ScriptedProvider, startScriptedProvider } from '../server/model/provider-fixture.ts';
import { test as base, type Installation, makeAccount, PERSON } from './fixture.ts';
import { RestClient } from './rest-client.ts';
import { startServer } from './server.ts';
import { startTargetServer } from './target-server.ts';

/** A server whose workflows may ask a provider of models that answers by a script. */
export interface ChatInstallation extends Installation {
  readonly provider: ScriptedProvider;
  /** The account at the provider. */
  readonly credentialId: number;
}

interface ChatFixtures {
  /** Makes the browser of the test signed in as {@link PERSON}. */
  chatting: ChatInstallation;
}

export const test = base.extend<ChatFixtures, { chatServer: ChatInstallation }>({
  chatServer: [
    async ({}, use) => {
      const provider = await startScriptedProvider();
      const target = await startTargetServer();
      const server = await startServer({ PIPEWRIGHT_EGRESS_ALLOW: `${target.address},${provider.host}` });
      const rest = new RestClient(server.url, await makeAccount(server.url));
      const { id } = await rest.createCredential({
        name: 'Scripted',
        credential_type: 'llm',
        detail: { provider_type: 'openai_compatible', base_url: provider.openai, api_key: 'sk-test' },
      });
      await use({ ...server, target, rest, provider, credentialId: id });
      await server.stop();
      await target.stop();
      await provider.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  chatting: async ({ chatServer, page }, use) => {
    const answer = await page.request.post(`${chatServer.url}/api/v1/auth/session`, { data: PERSON });
    if (answer.status() !== 200) throw new Error(`Signing in was answered with ${answer.status()}.`);
    await use(chatServer);
  },
});

export { expect } from './fixture.ts';
