import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { ChatStreamEvent } from '#contract/chat-stream.ts';
import type { OutputOf } from '#contract/contract.ts';
import { edge, node } from '#server/features/executions/test-suspension.ts';
import { type Caller, until } from '#server/http/test-server.ts';

export type Sent = OutputOf<'chat', 'send'>;
export type History = OutputOf<'chat', 'history'>;

const when = (word: string) => ({ id: word, left: '{{ trigger.text }}', operator: 'equals', value: word });

/** What draws a workflow that answers every message: echo → reply, with two words that make it fail or wait. */
export const talkCommands = [
  node('chat', 'trigger_chat'),
  node('which', 'switch', { rules: [when('fail'), when('wait')], enable_fallback: true }),
  node('broken', 'json', { mode: 'parse' }),
  node('sleep', 'wait', { duration: 600, unit: 'seconds' }),
  node('say', 'reply_chat', { message: 'You said: {{ trigger.text }}' }),
  edge('chat.text', 'which.input'),
  edge('which.fail', 'broken.input'),
  edge('which.wait', 'sleep.input'),
  edge('which.__other__', 'say.input'),
];

export async function drawTalk(who: Caller, slug: string): Promise<void> {
  await who.ok('workflows.create', { name: slug, slug });
  await who.ok('workflows.changeGraph', { workflow_slug: slug, base_revision: 0, commands: talkCommands });
}

export const textsOf = ({ messages }: History): [string, string][] =>
  messages.map(({ role, text }) => [role, text]);

/** Asks for the history until as many messages are there. */
export function whenThere(read: () => Promise<History>, count: number): Promise<History> {
  return until(async () => {
    const history = await read();
    return history.messages.length >= count ? history : undefined;
  });
}

/** All events of a stream of answers, up to its end. */
export async function readStream(
  base: string,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; type: string | null; events: ChatStreamEvent[] }> {
  const request = get(`${base}${path}`, { headers: { accept: 'text/event-stream', ...headers } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const body = await text(response);
  const events = body.split('\n\n').flatMap((block): ChatStreamEvent[] => {
    const event = /^event: (.+)$/m.exec(block)?.[1];
    const data = /^data: (.+)$/m.exec(block)?.[1];
    return event && data ? [{ type: event, ...JSON.parse(data) } as ChatStreamEvent] : [];
  });
  return { status: response.statusCode ?? 0, type: response.headers['content-type'] ?? null, events };
}
