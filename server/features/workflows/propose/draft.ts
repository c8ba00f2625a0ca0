import { z } from 'zod';
import { isTooDeep } from '#domain/bounded-json.ts';
import { NODE_ID } from '#domain/graph/command.ts';
import { refuseUnstorable } from '../yaml.ts';

/** A little less than a request may have: what is proposed is saved within one. */
const MOST_LEVELS = 60;

const id = z.string().regex(NODE_ID, 'A node id has letters, digits, _ and -, at most 64.');
const config = z.record(z.string(), z.json());
const end = z
  .string()
  .max(200)
  .regex(/^[^.]+\..+$/, 'Write the node id, a dot and the name of the port, such as agent_1.output.');
const title = z.string().min(1).max(200);

const draftCommand = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('add_node'),
    id,
    type: z.string().max(64),
    title: title.optional(),
    config: config.default({}),
  }),
  z.object({ do: z.literal('change_node'), id, title: title.optional(), config: config.optional() }),
  z.object({ do: z.literal('remove_node'), id }),
  z.object({ do: z.literal('add_edge'), from: end, to: end }),
  z.object({ do: z.literal('remove_edge'), from: end, to: end }),
]);
export type DraftCommand = z.output<typeof draftCommand>;

/** What a model answers: the change in words that are easy to write, and a sentence about it. */
export const draft = z.object({
  summary: z.string().max(2000).default(''),
  commands: z.array(draftCommand).min(1).max(500),
});
export type Draft = z.output<typeof draft>;

/** The draft in an answer, or what is wrong with it, in words for the model. */
export function readDraft(text: string): { draft: Draft } | { problems: string[] } {
  const json = jsonIn(text);
  if (typeof json === 'string') return { problems: [json] };
  const read = draft.safeParse(json);
  if (read.success) return { draft: read.data };
  return {
    problems: read.error.issues
      .slice(0, 20)
      .map(({ path, message }) => `${path.join('.') || 'answer'}: ${message}`),
  };
}

/** The object in a text that may have a fence or a few words around it; text: why there is none. */
function jsonIn(text: string): object | string {
  const none = 'The answer is not one JSON object.';
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  if (from < 0 || to < from) return none;
  const found = text.slice(from, to + 1);
  if (isTooDeep(found, MOST_LEVELS)) return `The answer is nested more than ${MOST_LEVELS} levels deep.`;
  try {
    const json = JSON.parse(found) as object;
    refuseUnstorable(json);
    return json;
  } catch (error) {
    return error instanceof SyntaxError || !(error instanceof Error) ? none : `${error.message}.`;
  }
}
