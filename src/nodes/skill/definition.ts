import { z } from 'zod';
import { skillFields } from '#domain/agent/skill.ts';
import { definePart } from '#domain/node/definition.ts';

export const definition = definePart({
  type: 'skill',
  title: 'Skill',
  summary: 'Instructions that an agent reads when it needs them.',
  icon: 'library',
  category: 'ai',
  isPart: true,
  effect: 'pure',
  formatVersion: 1,
  config: z.object(skillFields),
  ports: () => ({
    inputs: [],
    outputs: [
      {
        name: 'skill',
        type: 'skill',
        label: 'Skill',
        description: 'Plugs into the port Skills of agents.',
      },
    ],
  }),
  subtitle: ({ name }) => String(name).slice(0, 60),
  docs: `Holds instructions for one kind of task. The agent is told only the name and when to use it; it reads the whole text when
it gets to such a task. So an agent can have many skills without its instructions growing long.

The text is Markdown, as in a \`SKILL.md\`; paste such a file whole, and the name and the description at its head are used
where the fields here are empty.

**Example.** Name \`refund\`, when to use it \`A customer wants money back\`, and the steps of a refund as the instructions.

**When it goes wrong.**
- *The agent never reads it*: say more clearly when to use it.
- *The agent reads it and does something else*: write the steps as a numbered list, each with what to check.`,
});
