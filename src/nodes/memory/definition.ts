import { z } from 'zod';
import { memoryFields } from '#domain/agent/memory-part.ts';
import { definePart } from '#domain/node/definition.ts';

export const definition = definePart({
  type: 'memory',
  title: 'Conversation memory',
  summary: 'Lets agents remember the conversation from run to run.',
  icon: 'database',
  category: 'memory',
  isPart: true,
  effect: 'pure',
  formatVersion: 1,
  config: z.object(memoryFields),
  verbatim: ['name'],
  ports: () => ({
    inputs: [],
    outputs: [
      {
        name: 'memory',
        type: 'memory',
        label: 'Memory',
        description: 'Plugs into the port Memory of one or several agents.',
      },
    ],
  }),
  subtitle: ({ window, name }) => [`${window} messages`, name].filter((part) => part !== '').join(' · '),
  docs: `What an agent was asked and what it answered is kept for the conversation (the *thread*) the run belongs to, and is given
to it again when the conversation goes on. Conversations never see each other. Without this node an agent can remember as
well (*Remember the conversation*); with it you say how much, and several agents can share one conversation.

**Example.** *Chat* → *Agent* with a Conversation memory of 20 messages: it knows what was said before.

**When it goes wrong.**
- *The agent forgets*: more than *Messages* were exchanged since, or the conversation was deleted. Runs outside a chat have
  one conversation for each person who starts them, else one of the workflow's owner.
- *Two agents answer each other's questions*: they share a memory. Give each a memory of its own.`,
});
