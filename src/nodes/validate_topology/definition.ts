import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';

const config = z.object({
  document: z
    .json()
    .default('')
    .describe('The workflow document as YAML or JSON. Empty: the input.')
    .meta({
      title: 'Document',
      field: { control: 'template', group: 'required', placeholder: '{{ http_request.body }}' },
    }),
});

export const definition = defineNode({
  type: 'validate_topology',
  title: 'Check a workflow',
  summary: 'Checks a workflow document without storing it.',
  icon: 'clipboard-check',
  category: 'logic',
  effect: 'pure',
  formatVersion: 1,
  config,
  tool: ({ document }) => [
    toolFunction({
      name: 'validate_topology',
      description:
        'Checks a workflow document, in YAML or JSON, without storing it. Gives valid, errors, warnings, node_count and ' +
        'edge_count.',
      parameters: z.object({
        ...(document === '' && { topology_yaml: z.string().max(300_000).describe('The whole document.') }),
      }),
    }),
  ],
  ports: () => ({
    inputs: [
      {
        name: 'input',
        type: 'any',
        label: 'Document',
        description: 'The document as text or as an object, unless the form names another.',
      },
    ],
    outputs: [
      {
        name: 'output',
        type: 'object',
        label: 'Result',
        description: 'valid, errors, warnings, node_count and edge_count.',
      },
      { name: 'valid', type: 'boolean', label: 'Valid', description: 'Whether an import would take it.' },
    ],
  }),
  subtitle: ({ document }) => (document === '' ? 'of the input' : 'of a document'),
  docs: `Checks a workflow document, in YAML or JSON, as an import would: its form, the node types and their
configuration, every edge and its ports, circles, and what no trigger leads to. Nothing is stored or run.

**Result** is \`{ valid, errors, warnings, node_count, edge_count }\`. A document that is wrong is no failed step: look
at **valid**, for instance in a Switch. Errors and warnings are sentences that name the node or the edge.

**Example.** An agent writes a workflow as text; check it here, and send \`{{ validate_topology.output.errors }}\` back
until it is valid.

**When it goes wrong.**
- *missing_value*: neither *Document* nor the input holds anything.
- *An error “not valid YAML”*: the message says the line. Indent with spaces, and quote texts that begin with \`{{\`.
- *An error “larger than 256 KiB”*: import the document in the editor instead.`,
});
