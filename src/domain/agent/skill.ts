import { z } from 'zod';
import type { Capabilities } from '../node/executor.ts';
import type { Part } from '../node/part.ts';
import { toolFunction } from '../node/tool.ts';
import type { InnerTool } from './toolset.ts';

/** Config fields of a skill. */
export const skillFields = {
  name: z
    .string()
    .max(100)
    .default('')
    .describe(
      'Short; how the agent asks for it. Empty: from the head of the text, else the name of the node.',
    )
    .meta({ title: 'Name', field: { control: 'text', group: 'required', placeholder: 'refund' } }),
  description: z
    .string()
    .max(2_000)
    .default('')
    .describe('When to use it; the agent sees this all the time.')
    .meta({ title: 'When to use it', field: { control: 'template', group: 'required' } }),
  instructions: z
    .string()
    .max(200_000)
    .default('')
    .describe('What to do then, as Markdown.')
    .meta({ title: 'Instructions', field: { control: 'template', group: 'required' } }),
};

interface Skill {
  /** The id of its node. */
  readonly part: string;
  readonly name: string;
  readonly description: string;
  readonly instructions: string;
}

const skillConfig = z.object(skillFields);

/** The skills plugged into an agent. What the fields leave open is read from the head of the text, as of a SKILL.md. */
export function skillsOf(parts: readonly Part[]): Skill[] {
  return parts.flatMap((part) => {
    const read = skillConfig.safeParse(part.config);
    if (!read.success) return [];
    const { name, description, instructions } = read.data;
    const head = headOf(instructions);
    return [
      {
        part: part.id,
        name: name || head['name'] || part.title,
        description: description || head['description'] || '',
        instructions,
      },
    ];
  });
}

/** The lines `key: value` between the `---` a text may begin with. */
function headOf(text: string): Record<string, string> {
  const [, head] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text) ?? [];
  const lines = (head ?? '').split('\n').map((line) => /^(\w+):\s*(.*?)\s*$/.exec(line));
  return Object.fromEntries(
    lines.flatMap((found) => (found?.[1] ? [[found[1], unquoted(found[2] ?? '')]] : [])),
  );
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');

/** What the instructions of an agent say about its skills. */
export const skillList = (skills: readonly Skill[]): string =>
  skills.length === 0
    ? ''
    : `You have skills. Before you do what one of them is for, read it with read_skill and do as it says.\n${skills
        .map(({ name, description }) => `- ${name}: ${description}`)
        .join('\n')}`;

/** Reading a skill. Its text is the author's, so it is an instruction and no data. */
export function skillTools(
  skills: readonly Skill[],
  { usePart }: Pick<Capabilities, 'usePart'>,
): InnerTool[] {
  if (skills.length === 0) return [];
  const face = toolFunction({
    name: 'read_skill',
    description: 'Gives the instructions of one of your skills.',
    parameters: z.object({ name: z.string().describe('The name of the skill.') }),
  });
  const call: InnerTool['call'] = async (args, key) => {
    const { name } = args as { name: string };
    const skill = skills.find((one) => one.name === name);
    const names = skills.map((one) => one.name).join(', ');
    if (!skill)
      return { kind: 'told', isError: true, result: `There is no skill “${name}”. You have: ${names}.` };
    const read = async () => skill.instructions;
    const result = await usePart({ part: skill.part, key, name: 'read' }, read);
    return { kind: 'told', result, isInstruction: true };
  };
  return [{ face, call }];
}
