import { z } from 'zod';
import type { Capabilities } from '../node/executor.ts';
import { toolFunction } from '../node/tool.ts';
import type { CallEnd, InnerTool } from './toolset.ts';

/**
 * The files of one step, as one of its agents has them. They exist nowhere but here, and come to be again when the
 * step begins anew.
 */
export interface Files {
  /** By path; the same for all agents of the step. */
  readonly all: Map<string, string>;
  /** What this agent and those below it have written last. */
  readonly written: Map<string, string>;
  readonly above: Files | null;
}

export const noFiles = (): Files => ({ all: new Map(), written: new Map(), above: null });

/** The same files, for an agent below. */
export const filesBelow = (above: Files): Files => ({ all: above.all, written: new Map(), above });

/** Puts back what an agent below has written, where it is not asked again. */
export function putBack(files: Files, written: Readonly<Record<string, string>>): void {
  for (const [at, content] of Object.entries(written)) put(files, at, content);
}

function put({ all, ...files }: Files, at: string, content: string): void {
  all.set(at, content);
  for (let one: Omit<Files, 'all'> | null = files; one; one = one.above) one.written.set(at, content);
}

const MOST_CHARACTERS = 2_000_000;
const MOST_FILES = 200;

const path = z.string().min(1).max(200).describe('Such as notes/offers.md.');
const readArgs = z.object({
  path,
  from: z.int().min(1).default(1).describe('The first line.'),
  lines: z.int().min(1).max(2_000).default(500).describe('How many lines.'),
});
const writeArgs = z.object({ path, content: z.string().max(500_000) });
const editArgs = z.object({
  path,
  old_text: z.string().min(1).describe('Exactly as it is in the file, and only once.'),
  new_text: z.string(),
});

type Done = { readonly result: string; readonly isError?: boolean };

const failed = (result: string): Done => ({ result, isError: true });

/** Reading and writing notes. */
export function fileTools(files: Files, { once }: Pick<Capabilities, 'once'>): InnerTool[] {
  const tool = <P extends z.ZodObject>(
    face: { readonly name: string; readonly description: string; readonly parameters: P },
    act: (args: z.output<P>) => Done,
  ): InnerTool => ({
    face: toolFunction(face),
    call: async (args, key): Promise<CallEnd> => {
      // Done again when the step begins anew, so that the files are as they were; what was told is told again.
      const done = act(args as z.output<P>);
      const call = { key: `file:${key}`, kind: 'tool' as const, title: face.name, request: args };
      return { kind: 'told', ...(await once(call, async () => done)) };
    },
  });
  return [
    tool({ name: 'list_files', description: 'Lists your files.', parameters: z.object({}) }, () =>
      list(files),
    ),
    tool(
      { name: 'read_file', description: 'Reads lines of one of your files.', parameters: readArgs },
      (args) => read(files, args),
    ),
    tool(
      {
        name: 'write_file',
        description: 'Writes a file; one of that path is replaced.',
        parameters: writeArgs,
      },
      ({ path: at, content }) => store(files, at, content),
    ),
    tool({ name: 'edit_file', description: 'Replaces a text in a file.', parameters: editArgs }, (args) =>
      edit(files, args),
    ),
  ];
}

export const FILE_RULE =
  'You have files of your own for notes. Put long findings there instead of keeping them in mind.';

function list({ all }: Files): Done {
  const lines = [...all].map(([name, text]) => `${name} (${text.length} characters)`);
  return { result: lines.length === 0 ? 'There are no files yet.' : lines.sort().join('\n') };
}

const absent = (at: string): Done => failed(`There is no file “${at}”.`);

function read(files: Files, { path: at, from, lines }: z.output<typeof readArgs>): Done {
  const text = files.all.get(at);
  if (text === undefined) return absent(at);
  const all = text.split('\n');
  const part = all.slice(from - 1, from - 1 + lines);
  const rest = all.length - (from - 1) - part.length;
  return { result: part.join('\n') + (rest > 0 ? `\n(${rest} more lines)` : '') };
}

function store(files: Files, at: string, content: string): Done {
  const others = [...files.all].filter(([name]) => name !== at);
  const size = others.reduce((sum, [, text]) => sum + text.length, content.length);
  if (size > MOST_CHARACTERS) return failed('Your files are full. Make others shorter first.');
  if (others.length >= MOST_FILES) return failed(`You may have at most ${MOST_FILES} files.`);
  put(files, at, content);
  return { result: `Written: ${content.length} characters.` };
}

function edit(files: Files, { path: at, old_text, new_text }: z.output<typeof editArgs>): Done {
  const text = files.all.get(at);
  if (text === undefined) return absent(at);
  const [before, after, ...more] = text.split(old_text);
  if (before === undefined || after === undefined) return failed('That text is not in the file.');
  if (more.length > 0)
    return failed('That text is in the file several times. Give more of what is around it.');
  return store(files, at, before + new_text + after);
}
