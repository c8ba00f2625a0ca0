import { z } from 'zod';
import { receivedMessage } from '#domain/chat/received.ts';
import { defineNode } from '#domain/node/definition.ts';

export const definition = defineNode({
  type: 'trigger_chat',
  title: 'Chat trigger',
  summary: 'Starts the workflow with every message of a chat.',
  icon: 'message-circle',
  category: 'trigger',
  trigger: 'chat',
  effect: 'pure',
  formatVersion: 1,
  config: z.object({}),
  ports: () => ({
    inputs: [],
    outputs: [
      {
        name: 'text',
        type: 'string',
        label: 'Text',
        description: 'What was said, with the text files in it.',
      },
      {
        name: 'files',
        type: 'array',
        label: 'Files',
        description: 'What was attached: name, type and size.',
      },
      { name: 'payload', type: 'object', label: 'Payload', description: 'Everything that came.' },
      {
        name: 'messages',
        type: 'messages',
        label: 'Message',
        description: 'Text and pictures as one message for a model.',
      },
    ],
  }),
  received: receivedMessage,
  docs: `Starts a run for every message: from the chat panel of the editor, the hosted chat page, the widget,
\`POST /api/v1/workflows/{slug}/chat/\` or a messenger.

**text** is what was said. Text files are put into it; pictures come at **files** and, ready for a model that can see,
at **messages**. The answer is what a *Chat reply* node says, or else what the last agent says, or else what the last
nodes give.

**Example.** Connect **messages** with the messages of an Agent, plug a model into the agent, and chat.

**When it goes wrong.**
- *No answer but “Something went wrong”*: the run failed. Open it from the chat to see the step.
- *“No chat trigger found.”*: the trigger is switched off, or the workflow has none.`,
});
