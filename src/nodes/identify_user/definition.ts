import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';

const config = z.object({
  channel: z
    .string()
    .max(100)
    .default('')
    .describe(
      'How the person writes, such as telegram, email or chat. Empty: as the trigger says. A text that arrives at the port Channel wins over it.',
    )
    .meta({ title: 'Channel', field: { control: 'template', group: 'common', placeholder: 'telegram' } }),
  external_id: z
    .string()
    .max(300)
    .default('')
    .describe('Their id in that channel. Empty: it is looked for in what arrives at the port Trigger.')
    .meta({ title: 'Their id', field: { control: 'template', group: 'common' } }),
  display_name: z
    .string()
    .max(200)
    .default('')
    .describe('What they call themselves. Empty: it is looked for in what arrives at the port Trigger.')
    .meta({ title: 'Name', field: { control: 'template', group: 'advanced' } }),
});

const IDENTIFY = toolFunction({
  name: 'identify_user',
  description:
    'Finds out what is known about the person you talk to. Without arguments: whoever is signed in or writes in this chat.',
  parameters: z.object({
    channel: z
      .string()
      .max(100)
      .default('')
      .describe('How they write, such as email. Empty: as they do now.'),
    external_id: z
      .string()
      .max(300)
      .default('')
      .describe('Their id in that channel. Empty: as the chat knows them.'),
    display_name: z
      .string()
      .max(200)
      .default('')
      .describe('What they call themselves, if they have said so.'),
  }),
});

export const definition = defineNode({
  type: 'identify_user',
  title: 'Identify user',
  summary: 'Finds out who the run talks to, and what is known about them.',
  icon: 'user-search',
  category: 'memory',
  effect: 'external',
  formatVersion: 1,
  config,
  tool: () => [IDENTIFY],
  ports: () => ({
    inputs: [
      {
        name: 'trigger_input',
        type: 'object',
        label: 'Trigger',
        description: 'What the trigger gave; without it the payload of the run counts.',
      },
      {
        name: 'channel',
        type: 'string',
        label: 'Channel',
        description: 'How they write; wins over the form.',
      },
    ],
    outputs: [
      { name: 'user_id', type: 'string', label: 'User id', description: 'The same for them in every run.' },
      {
        name: 'user_context',
        type: 'object',
        label: 'Known about them',
        description: '{ display_name, first_seen, total_conversations, facts, recent_episodes }.',
      },
      { name: 'is_new_user', type: 'boolean', label: 'New', description: 'True in their first run.' },
    ],
  }),
  subtitle: ({ channel }) => channel || 'by the trigger',
  docs: `Knows people again by the channel they write through and their id in it, and writes down whoever is new. From then on the
run belongs to them: what an agent remembers as a preference is theirs, and *Recall* finds it for them only.

The id is taken from the form, else from \`user_id\`, \`from.id\`, \`chat_id\`, \`sender\`, \`email\` or \`visitor_id\` of the
trigger; in the chat of somebody who is signed in it is theirs.

Plugged into an agent it offers \`identify_user(channel, external_id, display_name)\`. Whom people merely say they are they do
not become: the agent is told about whoever the chat itself knows, with \`claims\` and \`verified: false\`, or else that nobody
knows them. The same goes for what visitors of a chat page and callers of a webhook without *Callers* say: let the webhook
check who calls, then the id it brings is believed.

**Example.** *Telegram* → *Identify user* → *Agent* with the prompt \`You talk to
{{ nodes.identify.user_context.display_name }}.\`

**When it goes wrong.**
- *bad_memory: Nothing says who this is*: no id arrived, and nobody is signed in. Fill in *Their id*.`,
});
