import { z } from 'zod';
import { type Capabilities, StepError } from '../node/executor.ts';
import type { Part } from '../node/part.ts';
import { toolFunction } from '../node/tool.ts';
import { isFolderSkill, skillConfig } from './skill-config.ts';
import { PACK_FILE } from './skill-pack.ts';
import type { InnerTool } from './toolset.ts';

export interface Skill {
  /** The id of its node. */
  readonly part: string;
  readonly name: string;
  readonly description: string;
  /** Its text, or the folder of the operator's it is read from when it is needed. */
  readonly source: { readonly text: string } | { readonly folder: string };
}

/**
 * The skills plugged into an agent: those written into nodes, and those in the folders that nodes name. Of the latter
 * only the names and descriptions are read.
 * @throws StepError when a folder is missing or holds none
 */
export async function skillsOf(
  parts: readonly Part[],
  { skillPacks }: Pick<Capabilities, 'skillPacks'>,
): Promise<Skill[]> {
  const all: Skill[] = [];
  for (const part of parts) {
    const read = skillConfig.safeParse(part.config);
    if (!read.success) continue;
    if (!isFolderSkill(read.data)) all.push(textSkill(part, read.data));
    else {
      const packs = await skillPacks(read.data.skill_path);
      all.push(...packs.map(({ path, ...face }) => ({ part: part.id, ...face, source: { folder: path } })));
    }
  }
  return namedApart(all);
}

/** What the fields leave open is read from the head of the text, as of a SKILL.md. */
function textSkill(part: Part, { name, description, instructions }: z.output<typeof skillConfig>): Skill {
  const head = headOf(instructions);
  return {
    part: part.id,
    name: name || head['name'] || part.title,
    description: description || head['description'] || '',
    source: { text: instructions },
  };
}

/** The model asks for them by name. */
function namedApart(skills: readonly Skill[]): Skill[] {
  const taken = new Set<string>();
  return skills.map((skill) => {
    let { name } = skill;
    for (let at = 2; taken.has(name); at += 1) name = `${skill.name}-${at}`;
    taken.add(name);
    return { ...skill, name };
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

const nameOnly = { name: z.string().describe('The name of the skill.') };
const withFile = {
  ...nameOnly,
  file: z
    .string()
    .max(500)
    .optional()
    .describe('Another file of the skill that its instructions name, such as references/forms.md.'),
};

const UNREADABLE: ReadonlySet<string> = new Set(['skill_file_missing', 'skill_too_large']);

type Reading = Pick<Capabilities, 'usePart' | 'once' | 'skillText'>;

/** Reading a skill. Its text is the author's or the operator's, so it is an instruction and no data. */
export function skillTools(skills: readonly Skill[], capabilities: Reading): InnerTool[] {
  if (skills.length === 0) return [];
  const hasFiles = skills.some(({ source }) => 'folder' in source);
  const face = toolFunction({
    name: 'read_skill',
    description: 'Gives the instructions of one of your skills.',
    parameters: z.object(hasFiles ? withFile : nameOnly),
  });
  const call: InnerTool['call'] = async (args, key) => {
    const { name, file } = args as { name: string; file?: string };
    const skill = skills.find((one) => one.name === name);
    const names = skills.map((one) => one.name).join(', ');
    if (!skill)
      return { kind: 'told', isError: true, result: `There is no skill “${name}”. You have: ${names}.` };
    const read = () => textOf(skill, { key, file: file || PACK_FILE }, capabilities);
    try {
      const result = await capabilities.usePart({ part: skill.part, key, name: 'read' }, read);
      return { kind: 'told', result, isInstruction: true };
    } catch (error) {
      // Whichever file it wanted, it may go on with another.
      if (!(error instanceof StepError) || !UNREADABLE.has(error.code)) throw error;
      return { kind: 'told', isError: true, result: error.message };
    }
  };
  return [{ face, call }];
}

/** What was read from a folder is recorded: it may be another when the step begins anew. */
async function textOf(
  { name, source }: Skill,
  { key, file }: { readonly key: string; readonly file: string },
  { once, skillText }: Reading,
): Promise<string> {
  if ('text' in source) return source.text;
  const { folder: path } = source;
  const call = {
    key: `skill:${key}`,
    kind: 'plan' as const,
    title: `Skill ${name}`,
    request: { path, file },
  };
  return once(call, () => skillText({ path, file }));
}
