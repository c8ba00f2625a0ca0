import { z } from 'zod';
import { receivedMessage } from '#domain/chat/received.ts';
import { defineNode } from '#domain/node/definition.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Telegram's chats are numbers; the gateway writes every chat's id as text. */
function received(payload: unknown): Record<string, unknown> {
  const id: unknown = isObject(payload) ? payload['chat_id'] : null;
  const number = typeof id === 'string' && /^-?\d{1,16}$/.test(id) ? Number(id) : id;
  const { text, files } = receivedMessage(payload);
  return { text, files, chat_id: typeof number === 'number' ? number : null };
}

export const definition = defineNode({
  type: 'trigger_telegram',
  title: 'Telegram trigger',
  summary: 'Starts the workflow with every message to a Telegram bot.',
  icon: 'send',
  category: 'trigger',
  trigger: 'telegram',
  effect: 'pure',
  formatVersion: 1,
  config: z.object({}),
  ports: () => ({
    inputs: [],
    outputs: [
      { name: 'text', type: 'string', label: 'Text', description: 'What was said.' },
      { name: 'chat_id', type: 'number', label: 'Chat', description: 'The chat it was said in.' },
      {
        name: 'files',
        type: 'array',
        label: 'Files',
        description: 'What was attached: name, type, size, address.',
      },
      { name: 'payload', type: 'object', label: 'Payload', description: 'Everything that came.' },
    ],
  }),
  received,
  docs: `Starts a run for every message the message gateway receives for a Telegram bot. The answer goes back to the same
chat: what a *Chat reply* node says, or else what the last agent says; when the run fails, a sentence that says so.

Attached files are named in the text and come at **files**, each with an address to download it from.

**Example.** Connect **text** with the messages of an Agent. Choose the bot's gateway credential in the trigger.

**When it goes wrong.**
- *No run starts*: the gateway does not know the bot. Look at the credential's test, then at its state there.
- *No answer arrives*: the gateway was away for longer than the answer was tried again. The run shows the answer.`,
});
