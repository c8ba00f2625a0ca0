import { isFolderSkill, skillConfig } from '#domain/agent/skill-config.ts';
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
  config: skillConfig,
  starter: { skill_source: 'text' },
  verbatim: ['skill_path', 'skill_source'],
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
  caution: (config) =>
    !isFolderSkill(config) && config.instructions.trim() === ''
      ? 'has no instructions yet. Write them, or choose a folder.'
      : null,
  subtitle: (config) =>
    (isFolderSkill(config) ? config.skill_path || 'all skills' : config.name).slice(0, 60),
  docs: `Holds instructions for one kind of task. The agent is told only the name and when to use it; it reads the whole text when
it gets to such a task. So an agent can have many skills without its instructions growing long.

There are two ways to give it, under *Where it is*:

- *text*: one skill, written into the node.
- *filesystem*: all skills in a folder on the server. Each is a folder with a \`SKILL.md\`, whose head has \`name\` and
  \`description\`; the agent reads it when it needs it, and other texts in the same folder that it names. The folder is one
  below that of the operator's skills: \`PIPEWRIGHT_SKILLS\`, else \`skills\` in the data directory. Nothing outside of it can
  be read. Everybody who draws workflows on this server can use what is there.

The text is Markdown, as in a \`SKILL.md\`; paste such a file whole, and the name and the description at its head are used
where the fields here are empty.

**Example.** Name \`refund\`, when to use it \`A customer wants money back\`, and the steps of a refund as the instructions.

**When it goes wrong.**
- *skill_folder_missing*, *skill_folder_empty*: there is no such folder, or no \`SKILL.md\` in it. Ask the operator.
- *The agent never reads it*: say more clearly when to use it.
- *The agent reads it and does something else*: write the steps as a numbered list, each with what to check.`,
});
