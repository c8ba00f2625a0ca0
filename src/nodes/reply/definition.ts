import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';

export const BODY_TYPES = ['auto', 'json', 'text'] as const;

const config = z.object({
  status: z
    .int()
    .min(200)
    .max(599)
    .default(200)
    .describe('The HTTP status of the answer.')
    .meta({ title: 'Status', field: { group: 'required' } }),
  body: z
    .json()
    .optional()
    .describe('The answer, with {{ references }} in it. Left out, the answer is the value that arrives.')
    .meta({ title: 'Body', field: { control: 'template', group: 'required' } }),
  body_type: z
    .enum(BODY_TYPES)
    .default('auto')
    .describe(
      'auto: text is answered as plain text, everything else as JSON. json: text is read as JSON first.',
    )
    .meta({ title: 'Send as', field: { control: 'select', group: 'common' } }),
  headers: z
    .record(z.string().min(1).max(200), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('More response headers. Cookies and security headers cannot be set here.')
    .meta({ title: 'Headers', field: { control: 'keyvalue', group: 'advanced' } }),
});
export type ReplyConfig = z.output<typeof config>;

export const definition = defineNode({
  type: 'reply',
  title: 'Reply',
  summary: 'Answers whoever started the run and waits for it.',
  icon: 'reply',
  category: 'output',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: () => ({
    inputs: [
      { name: 'input', type: 'any', label: 'Input', description: 'The answer, unless a body is set.' },
      { name: 'status', type: 'number', label: 'Status', description: 'Wins over the status in the form.' },
    ],
    outputs: [{ name: 'output', type: 'any', label: 'Output', description: 'The body that was answered.' }],
  }),
  subtitle: ({ status, body }) => `${status} · ${body === undefined ? 'what arrives' : 'own body'}`,
  docs: `Sends the answer to the caller of a webhook that *answers when finished*. The run goes on after it, so slow
work may follow. A run's **first** Reply is its answer; when no Reply runs, the caller gets the run's id.

Without a **body** the answer is the value that arrives. A body that is exactly one \`{{ reference }}\` keeps its type.
Text is sent as plain text, everything else as JSON; choose *json* to write JSON as text.

**Example.** Status \`200\`, sent as *json*, body \`{ "greeting": "Hello {{ trigger.body.name }}" }\`.

**When it goes wrong.**
- *The caller gets 202 instead*: the trigger answers immediately. Set its answer to *when finished*.
- *header_refused*: cookies, security headers and content types other than JSON and plain text cannot be set.`,
});
