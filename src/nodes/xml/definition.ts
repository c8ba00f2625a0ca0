import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { textField, textPort } from '#domain/node/text-input.ts';

const parsing = { field: 'mode', in: ['parse'] } as const;
const formatting = { field: 'mode', in: ['format'] } as const;

const config = z.object({
  mode: z
    .enum(['parse', 'format'])
    .default('parse')
    .describe('Read XML text into an object, or write an object as XML text.')
    .meta({ title: 'Do', field: { control: 'select', group: 'required' } }),
  lists: z
    .array(z.string().min(1).max(200))
    .max(100)
    .default([])
    .describe('Names of elements that are lists even when there is only one of them.')
    .meta({ title: 'Always lists', field: { group: 'common', when: parsing } }),
  trim: z
    .boolean()
    .default(true)
    .describe('Takes spaces and line ends off both ends of every text.')
    .meta({ title: 'Trim', field: { group: 'common', when: parsing } }),
  namespaces: z
    .enum(['keep', 'drop'])
    .default('keep')
    .describe('Keep names such as atom:link, or drop what stands before the colon.')
    .meta({ title: 'Namespace prefixes', field: { control: 'select', group: 'advanced', when: parsing } }),
  root: z
    .string()
    .max(200)
    .default('')
    .describe('Name of an element to put around everything. Empty: the object has exactly one key, the root.')
    .meta({ title: 'Root element', field: { group: 'common', placeholder: 'order', when: formatting } }),
  indent: z
    .boolean()
    .default(false)
    .describe('Writes every element on a line of its own.')
    .meta({ title: 'Indent', field: { group: 'common', when: formatting } }),
  declaration: z
    .boolean()
    .default(true)
    .describe('Begins with <?xml version="1.0" encoding="UTF-8"?>.')
    .meta({ title: 'Declaration', field: { group: 'advanced', when: formatting } }),
  field: textField,
});

export const definition = defineNode({
  type: 'xml',
  title: 'XML',
  summary: 'Reads XML text into an object, or writes an object as XML text.',
  icon: 'file-code',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ mode, field }) => ({
    inputs: [
      mode === 'format'
        ? {
            name: 'input',
            type: 'any',
            label: 'Value',
            description: 'The object to write, or what holds it.',
            required: true,
          }
        : textPort(field),
    ],
    outputs: [
      mode === 'format'
        ? { name: 'output', type: 'string', label: 'Text', description: 'The XML text.' }
        : { name: 'output', type: 'object', label: 'Value', description: 'The root element as an object.' },
    ],
  }),
  subtitle: ({ mode, root }) => (mode === 'format' && root !== '' ? `format <${root}>` : mode),
  docs: `Elements become keys, attributes become keys with \`@\` before their name, and the text of an element that has
attributes or children is \`#text\`. An element that occurs several times becomes a list. **Format** takes the same
form.

\`<order id="7"><line>a</line><line>b</line></order>\` is
\`{ "order": { "@id": "7", "line": ["a", "b"] } }\`.

Every value is text; an empty element is empty text. An element that occurs once is no list, so name the ones that
should be under *Always lists*. Comments and processing instructions are passed over.

For safety a document with a DOCTYPE is refused: nothing is ever fetched, and no entities of its own are unfolded.

**Example.** An RSS feed from an HTTP request: *parse*, value inside the input \`body\`, always lists \`item\`; then a
Loop over \`{{ xml.output.rss.channel.item }}\`.

**When it goes wrong.**
- *bad_xml*: the message says line and column. An HTML page is rarely valid XML.
- *unsafe_xml*: the document has a DOCTYPE. Remove it before this step.
- *bad_element*: a key cannot be the name of an element, or a text holds a character XML does not have; the message
  says where. Rename it in a Map or Set node.
- *not_text*: set the path to where the text is, such as \`body\`.`,
});
