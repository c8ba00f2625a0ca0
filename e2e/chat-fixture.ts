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

/**
 * Makes chat trigger → agent with the scripted model → reply; its only tool is an HTTP request that deletes something
 * of the target server, which the agent asks about before.
 */
export async function makeAssistant(
  { rest, target, credentialId }: ChatInstallation,
  slug: string,
): Promise<void> {
  await rest.createWorkflow('Assistant', slug);
  const { revision } = await rest.graph(slug);
  const node = (id: string, type: string, config: Record<string, string | number> = {}) => ({
    kind: 'add_node' as const,
    node: { id, type, label: null, x: 0, y: 0, config, settings: {} },
  });
  const edge = (
    id: number,
    [source, sourcePort, goal, targetPort]: readonly [string, string, string, string],
  ) => ({
    kind: 'add_edge' as const,
    edge: { id, source, sourcePort, target: goal, targetPort, priority: 0 },
  });
  await rest.changeGraph(slug, revision, [
    node('chat', 'trigger_chat'),
    node('model', 'ai_model', { llm_credential_id: credentialId, model_name: 'scripted-1' }),
    node('delete', 'http_request', { url: `http://${target.address}/rate/EUR`, method: 'DELETE' }),
    node('agent', 'agent', { ask_before: 'destructive' }),
    node('reply', 'reply_chat'),
    edge(1, ['chat', 'messages', 'agent', 'messages']),
    edge(2, ['model', 'model', 'agent', 'model']),
    edge(3, ['delete', 'tool', 'agent', 'tools']),
    edge(4, ['agent', 'output', 'reply', 'input']),
  ]);
}

export { expect } from './fixture.ts';
