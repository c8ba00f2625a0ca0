import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';

const config = z.object({
  message: z
    .string()
    .max(200_000)
    .default('')
    .describe('What is said, with {{ references }} in it. Left empty, it is the value that arrives.')
    .meta({ title: 'Message', field: { control: 'template', group: 'common' } }),
});

export const definition = defineNode({
  type: 'reply_chat',
  title: 'Chat reply',
  summary: 'Says something in the chat that started the run.',
  icon: 'message-square-reply',
  category: 'output',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: () => ({
    inputs: [
      { name: 'input', type: 'any', label: 'Input', description: 'What is said, unless a message is set.' },
    ],
    outputs: [{ name: 'output', type: 'string', label: 'Output', description: 'What was said.' }],
  }),
  subtitle: ({ message }) => (message === '' ? 'what arrives' : 'own message'),
  docs: `Sets the answer of a chat: in the editor, on the hosted page, in the widget, in a messenger, and for whoever
called the API. The run goes on after it, so slow work may follow. A run's **first** Chat reply is its answer.

Without a **message** the value that arrives is said; what is no text is written as JSON.

**Example.** Message \`You are number {{ count.output }} in the queue.\`

**When it goes wrong.**
- *The chat shows something else*: another Chat reply ran before this one.
- *nothing_to_say*: neither a message is set nor did anything arrive.`,
});
