import { expect, it } from 'vitest';
import type { Identified, IdentifyRequest, MemoryRequest } from '#domain/memory/request.ts';
import type { Capabilities } from '#domain/node/executor.ts';
import { outputsOf } from '#domain/node/step-fixture.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const FOUND: Identified = { userId: 'telegram:7', isNew: true, context: { display_name: 'Grace' } };

/** Which person is asked for, given what arrives. */
async function asked(given: {
  config?: Record<string, unknown>;
  inputs?: Record<string, unknown>;
  triggerKind?: string;
}): Promise<IdentifyRequest | undefined> {
  const requests: MemoryRequest[] = [];
  const memory = (async (request: MemoryRequest) => {
    requests.push(request);
    return FOUND;
  }) as Capabilities['memory'];
  const place: Capabilities['place'] = () => ({
    executionId: '',
    workflowId: 1,
    environmentId: 1,
    node: 'who',
    depth: 0,
    triggerKind: given.triggerKind ?? 'webhook',
  });
  const outputs = await outputsOf(definition, execute, { ...given, capabilities: { memory, place } });
  expect(outputs).toEqual({ user_id: 'telegram:7', user_context: FOUND.context, is_new_user: true });
  return requests[0] as IdentifyRequest;
}

it.each([
  [{ user_id: 7 }, '7'],
  [{ message: { from: { id: 12, first_name: 'Grace' } } }, '12'],
  [{ sender: ' grace ', chat_id: 'x' }, 'grace'],
  [{ email: 'grace@example.com' }, 'grace@example.com'],
  [{ from: null, text: 'hi' }, ''],
])('finds the id in %j', async (trigger_input, externalId) => {
  expect((await asked({ inputs: { trigger_input } }))?.externalId).toBe(externalId);
});

it('takes the channel from the port, the form, what arrives, then the trigger', async () => {
  const trigger_input = { user_id: 1, channel: 'sms' };
  const channel = async (more: Parameters<typeof asked>[0]) => (await asked(more))?.channel;
  expect(await channel({ inputs: { trigger_input, channel: 'mail' }, config: { channel: 'form' } })).toBe(
    'mail',
  );
  expect(await channel({ inputs: { trigger_input }, config: { channel: 'form' } })).toBe('form');
  expect(await channel({ inputs: { trigger_input } })).toBe('sms');
  expect(await channel({ inputs: { trigger_input: { user_id: 1 } }, triggerKind: 'telegram' })).toBe(
    'telegram',
  );
});

it('does not believe what a chat message says about its sender', async () => {
  const inputs = {};
  expect((await asked({ inputs, triggerKind: 'chat', config: { external_id: '' } }))?.externalId).toBe('');
  expect((await asked({ inputs, config: { external_id: '9', display_name: 'Ada' } }))?.displayName).toBe(
    'Ada',
  );
});
