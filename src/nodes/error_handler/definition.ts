import { z } from 'zod';
import type { Port } from '#domain/graph/graph.ts';
import { defineNode } from '#domain/node/definition.ts';

export const OTHER = 'other';
const NAME = /^[a-z][a-z0-9_-]{0,63}$/i;
const DATA: readonly Port[] = [
  { name: 'message', type: 'string', label: 'Message', description: 'What went wrong, in words.' },
  {
    name: 'code',
    type: 'string',
    label: 'Code',
    description: 'What went wrong, for programs: timeout, http_status.',
  },
  {
    name: 'node',
    type: 'string',
    label: 'Node',
    description: 'The id of the node it happened in; may be empty.',
  },
  {
    name: 'retryable',
    type: 'boolean',
    label: 'Retryable',
    description: 'True for what may pass by itself, such as an unreachable server.',
  },
];
const TAKEN = [...DATA.map((port) => port.name), OTHER, 'error'];

const config = z.object({
  routes: z
    .record(
      z
        .string()
        .regex(NAME, 'Name a way with letters, digits, - and _, starting with a letter.')
        .refine((name) => !TAKEN.includes(name), 'This name is taken; choose another one.'),
      z.string().min(1, 'Name at least one error code.').max(1000),
    )
    .default({})
    .describe(
      'A way out for each kind of error: its name, and the error codes it takes, with * at the end for “any”.',
    )
    .meta({ title: 'Ways', field: { control: 'keyvalue', group: 'required' } }),
});

export const definition = defineNode({
  type: 'error_handler',
  title: 'Handle error',
  summary: 'Takes an error apart and sends it down the way made for its kind.',
  icon: 'shield',
  category: 'logic',
  effect: 'pure',
  formatVersion: 1,
  config,
  verbatim: ['routes'],
  ports: ({ routes }) => ({
    inputs: [
      {
        name: 'error',
        type: 'object',
        label: 'Error',
        description: 'From the Error port of a node whose errors are routed, or of an error trigger.',
        required: true,
      },
    ],
    outputs: [
      ...Object.keys(routes)
        .filter((name) => NAME.test(name) && !TAKEN.includes(name))
        .map((name): Port => route(name, name, `Taken by errors with the codes ${routes[name]}.`)),
      route(OTHER, 'Otherwise', 'Taken when no way is made for the error.'),
      ...DATA,
    ],
  }),
  subtitle: ({ routes }) => Object.keys(routes).join(', ') || 'every error',
  docs: `Set *On error* of a node to **route** and connect its **Error** port here. The error leaves, as it came, by the
first way that names its code, else by **Otherwise**; **message**, **code**, **node** and **retryable** give its parts.

A way is a name and the codes it takes, separated by commas: \`later\` = \`timeout, unreachable\`. A \`*\` at the end takes
every code that begins so: \`http_*\`. **retryable** is true for what may pass by itself: \`timeout\`, \`unreachable\`,
\`aborted\`, \`unavailable\`, \`overloaded\`, \`worker_lost\`, \`not_delivered\`.

**Example.** An HTTP request, *On error: route* → Handle error with \`later\` = \`timeout, unreachable\`. **later** → Wait
10 minutes → HTTP request; **Otherwise** → mail with \`{{ handle.message }}\`.

**When it goes wrong.**
- *It is skipped*: the node before it did not fail.
- *Everything goes by Otherwise*: compare the codes with **code** in the step's output; they are case-sensitive.`,
});

function route(name: string, label: string, description: string): Port {
  return { name, type: 'object', label, description, route: true };
}
