import { expect, it } from 'vitest';
import type { ChatPort, MessagePage, StoredMessage } from './chat-port.ts';
import { createConversation } from './conversation.ts';

const message = (id: string, role: StoredMessage['role'], text: string, run: string): StoredMessage => ({
  ...{ id, role, text, timestamp: null, execution_id: run, error_code: null, attachments: [] },
});

/** A place whose messages come when the test lets them, and that takes every message as number 2 of run B. */
function slowPlace() {
  const { promise, resolve } = Promise.withResolvers<MessagePage>();
  const followed: string[] = [];
  const port: ChatPort = {
    load: () => promise,
    send: () => Promise.resolve({ executionId: 'B', threadId: 'main', messageId: '2' }),
    follow: ({ executionId }) => {
      followed.push(executionId);
      return () => undefined;
    },
    stop: () => Promise.resolve(),
    detail: null,
    fileAddress: null,
    readFile: () => Promise.reject(new Error('There are no files.')),
  };
  const arrive = (messages: readonly StoredMessage[]) =>
    resolve({ messages, has_more: false, thread_id: 'main' });
  return { port, arrive, followed };
}

const earlier = [message('0', 'user', 'Hello', 'A'), message('1', 'assistant', 'Hi.', 'A')];

it.each([
  ['before it was stored', earlier],
  ['when it was stored', [...earlier, message('2', 'user', 'Well?', 'B')]],
])('keeps once what is said while the conversation is still being read, %s', async (_when, read) => {
  const { port, arrive, followed } = slowPlace();
  const conversation = createConversation(port, null);
  const opening = conversation.open();
  expect(await conversation.send('Well?', [])).toBe(true);
  arrive(read);
  await opening;
  const { turns, phase, busy } = conversation.store.getState();
  expect([phase, busy, turns.map(({ id }) => id)]).toEqual(['ready', true, ['0', '1', '2']]);
  expect(followed).toEqual(['B']);
  expect(conversation.live.getState()?.executionId).toBe('B');
});

it('keeps once what is said, when it is read before its sending is answered', async () => {
  const { port, arrive } = slowPlace();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const conversation = createConversation(port, null, { beforeSend: () => promise });
  const opening = conversation.open();
  const sending = conversation.send('Well?', []);
  arrive([...earlier, message('2', 'user', 'Well?', 'B')]);
  await opening;
  resolve(undefined);
  expect(await sending).toBe(true);
  expect(conversation.store.getState().turns.map(({ id }) => id)).toEqual(['0', '1', '2']);
});
