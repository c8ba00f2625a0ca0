import { z } from 'zod';
import type { PortType } from '#domain/graph/port-type.ts';
import { defineNode } from '#domain/node/definition.ts';

export const SET_MODES = ['fields', 'text', 'json'] as const;
type SetMode = (typeof SET_MODES)[number];

const OUTPUT_TYPE: Readonly<Record<SetMode, PortType>> = { fields: 'object', text: 'string', json: 'any' };

const config = z.object({
  mode: z
    .enum(SET_MODES)
    .default('fields')
    .describe('Build an object field by field, a text, or any JSON value.')
    .meta({ title: 'Build', field: { control: 'select', group: 'required' } }),
  fields: z
    .record(z.string().min(1, 'A field needs a name.').max(200), z.json())
    .default({})
    .describe('Name and value of each field. A value that is exactly one {{ reference }} keeps its type.')
    .meta({
      title: 'Fields',
      field: { control: 'keyvalue', group: 'required', when: { field: 'mode', in: ['fields'] } },
    }),
  include_input: z
    .boolean()
    .default(false)
    .describe('Start from the object that arrives and add the fields to it.')
    .meta({ title: 'Keep the input', field: { group: 'common', when: { field: 'mode', in: ['fields'] } } }),
  text: z
    .json()
    .default('')
    .describe('A text with {{ references }} in it.')
    .meta({
      title: 'Text',
      field: { control: 'template', group: 'required', when: { field: 'mode', in: ['text'] } },
    }),
  json: z
    .json()
    .default({})
    .describe('A JSON value; strings inside may be {{ references }}.')
    .meta({
      title: 'JSON',
      field: { control: 'json', group: 'required', when: { field: 'mode', in: ['json'] } },
    }),
});

export const definition = defineNode({
  type: 'set',
  title: 'Set',
  summary: 'Builds a value from what earlier nodes gave.',
  icon: 'pencil-line',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ mode }) => ({
    inputs: [
      {
        name: 'input',
        type: 'any',
        label: 'Input',
        description: 'Starts the step; may be kept in the object.',
      },
    ],
    outputs: [
      {
        name: 'output',
        type: OUTPUT_TYPE[mode] ?? 'any',
        label: 'Output',
        description: 'The value that was built.',
      },
    ],
  }),
  subtitle: ({ mode, fields, text }) => {
    if (mode === 'fields') return Object.keys(fields).join(', ') || 'no fields yet';
    return mode === 'text' && typeof text === 'string' && text !== '' ? text.slice(0, 60) : mode;
  },
  docs: `Builds a value out of {{ references }} to the trigger and to earlier nodes.

- **Fields** gives an object. A value that is exactly one reference, such as \`{{ trigger.body.items }}\`, keeps
  its type (list, number, object); anything else becomes text.
- **Text** gives a text; objects inside it are written as JSON.
- **JSON** gives any value: \`{ "total": "{{ sum.output }}", "tags": ["new"] }\`.

**Example.** Fields \`name\` = \`{{ trigger.body.name }}\` and \`greeting\` = \`Hello {{ trigger.body.name }}!\`.

**When it goes wrong.**
- *A value is missing*: the reference names something that was not there in this run. Check the spelling, or write
  \`{{ trigger.body.name | default: "you" }}\`.
- *Not valid JSON*: the JSON was written as text and a filled-in value broke it. Put the reference alone in quotes.
- *The input is not an object* (with *Keep the input*): connect an object, or switch the option off.`,
});
