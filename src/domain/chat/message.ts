import { z } from 'zod';
import { nativeAnswer, nativeSearch } from './native-search.ts';

/** What a message may hold besides text. `url` is a data: address or one that steps may reach. */
const imagePart = z.object({ type: z.literal('image'), url: z.string(), media_type: z.string().optional() });
const filePart = z.object({
  type: z.literal('file'),
  url: z.string(),
  media_type: z.string(),
  filename: z.string().optional(),
});
const textPart = z.object({ type: z.literal('text'), text: z.string() });
export const contentPart = z.discriminatedUnion('type', [textPart, imagePart, filePart]);
export type ContentPart = z.output<typeof contentPart>;

/** A model asks for one function of one tool. */
export const toolCall = z.object({
  id: z.string(),
  name: z.string(),
  /** The arguments as JSON, or the text the model wrote where it is none. */
  arguments: z.union([z.record(z.string(), z.json()), z.string()]),
});
export type ToolCall = z.output<typeof toolCall>;

/** One message of a conversation with a model, as ports of the types `message` and `messages` carry it. */
export const message = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), content: z.string() }),
  z.object({ role: z.literal('user'), content: z.union([z.string(), z.array(contentPart)]) }),
  z.object({
    role: z.literal('assistant'),
    content: z.string(),
    tool_calls: z.array(toolCall).optional(),
    /** Made by the provider itself. */
    searches: z.array(nativeSearch).optional(),
    native: nativeAnswer.optional(),
  }),
  z.object({ role: z.literal('tool'), content: z.string(), tool_call_id: z.string(), name: z.string() }),
]);
export type Message = z.output<typeof message>;
