import { z } from 'zod';

export const SKILL_SOURCES = ['text', 'filesystem'] as const;

/** Nodes made elsewhere may not say where the skill is; then it goes by what they hold. */
const WRITTEN = ['text', null, undefined];
const FOLDER = ['filesystem', null, undefined];

/** Config fields of a skill. */
export const skillFields = {
  skill_source: z
    .enum(SKILL_SOURCES)
    .nullish()
    .describe('text: one skill, written here. filesystem: all skills in a folder on the server.')
    .meta({ title: 'Where it is', field: { control: 'select', group: 'required' } }),
  skill_path: z
    .string()
    .max(1_000)
    .default('')
    .describe(
      'A folder with a SKILL.md, or with folders that have one, below the folder the operator keeps skills in (PIPEWRIGHT_SKILLS). Empty: all that are there.',
    )
    .meta({
      title: 'Folder',
      field: {
        control: 'text',
        group: 'required',
        placeholder: 'support',
        when: { field: 'skill_source', in: FOLDER },
      },
    }),
  name: z
    .string()
    .max(100)
    .default('')
    .describe(
      'Short; how the agent asks for it. Empty: from the head of the text, else the name of the node.',
    )
    .meta({
      title: 'Name',
      field: {
        control: 'text',
        group: 'required',
        placeholder: 'refund',
        when: { field: 'skill_source', in: WRITTEN },
      },
    }),
  description: z
    .string()
    .max(2_000)
    .default('')
    .describe('When to use it; the agent sees this all the time.')
    .meta({
      title: 'When to use it',
      field: { control: 'template', group: 'required', when: { field: 'skill_source', in: WRITTEN } },
    }),
  instructions: z
    .string()
    .max(200_000)
    .default('')
    .describe('What to do then, as Markdown.')
    .meta({
      title: 'Instructions',
      field: { control: 'template', group: 'required', when: { field: 'skill_source', in: WRITTEN } },
    }),
};

export const skillConfig = z.object(skillFields);

/** Whether the skills are in a folder. Where the node does not say: unless it holds a text. */
export const isFolderSkill = ({
  skill_source,
  instructions,
}: Pick<z.output<typeof skillConfig>, 'skill_source' | 'instructions'>): boolean =>
  (skill_source ?? (instructions === '' ? 'filesystem' : 'text')) === 'filesystem';
