import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';

export const LONGEST_SPEC = 500_000;

const config = z.object({
  spec: z
    .string()
    .max(LONGEST_SPEC)
    .default('')
    .describe('The feature in Gherkin. Empty: the input.')
    .meta({ title: 'Feature', field: { control: 'template', group: 'required' } }),
});

export const definition = defineNode({
  type: 'validate_gherkin',
  title: 'Check Gherkin',
  summary: 'Checks a feature written in Gherkin.',
  icon: 'list-checks',
  category: 'tool',
  effect: 'pure',
  formatVersion: 1,
  config,
  tool: () => [
    toolFunction({
      name: 'validate_gherkin',
      description:
        'Checks a feature specification in Gherkin: errors of its syntax, and what could be written better. ' +
        'Gives valid, parse_errors, lint_errors and lint_warnings, each with its line.',
      parameters: z.object({
        gherkin_spec: z.string().max(LONGEST_SPEC).describe('The whole text of the .feature file.'),
      }),
    }),
  ],
  ports: () => ({
    inputs: [
      { name: 'input', type: 'any', label: 'Feature', description: 'The text, unless the form has one.' },
    ],
    outputs: [
      {
        name: 'output',
        type: 'object',
        label: 'Result',
        description: 'valid, parse_errors, lint_errors and lint_warnings.',
      },
      { name: 'valid', type: 'boolean', label: 'Valid', description: 'Whether it has no errors.' },
    ],
  }),
  subtitle: ({ spec }) => (spec === '' ? 'of the input' : 'of a feature'),
  docs: `Checks a feature in Gherkin, as a step or as a tool of an agent: first its syntax, then how it is written.

- **E001** a placeholder that is no column of the examples.
- **W001** a feature without a name; **W002** a scenario without a name; **W003** no feature at all; **W004** a feature
  without scenarios; **W005** a scenario without steps; **W006** a background without steps.
- **C001**, **C002**, **C003** a scenario without *Given*, *When* or *Then*; **C004** two scenarios of one name.

Errors make it invalid; warnings (W) and matters of style (C) do not.

**Example.** An agent that writes features has this as a tool and repairs what it finds.

**When it goes wrong.**
- *A parse error at a line that looks right*: the line before may have an odd keyword, or a table row without \`|\` at its end.
- *Keywords of another language*: begin the file with \`# language: de\`; English and German are known.`,
});
