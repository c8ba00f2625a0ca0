import { defineNode } from '#domain/node/definition.ts';
import { parserConfig } from '#domain/parser/config.ts';

export const definition = defineNode({
  type: 'output_parser',
  title: 'Output parser',
  summary: 'Reads structured data out of a text.',
  icon: 'braces',
  category: 'ai',
  effect: 'pure',
  formatVersion: 1,
  verbatim: ['pattern'],
  config: parserConfig,
  ports: () => ({
    inputs: [
      {
        name: 'text',
        type: 'string',
        label: 'Text',
        description: 'The text to read, when it runs as a step.',
      },
    ],
    outputs: [
      { name: 'parsed', type: 'any', label: 'Parsed', description: 'What was read.' },
      {
        name: 'parser',
        type: 'parser',
        label: 'Parser',
        description: 'Plugs into a Categorizer, Router or Extractor, whose model it then reads.',
      },
    ],
  }),
  subtitle: ({ parser_type, pattern }) =>
    parser_type === 'regex' ? String(pattern).slice(0, 60) : parser_type,
  docs: `Reads a text as data. As a step it takes **text** and gives **parsed**; plugged into a Categorizer, Router or
Extractor it reads the answer of their model.

- **json**: the text as a whole, a fenced code block in it, or what is between its outermost brackets.
- **regex**: with named groups, \`Order (?P<number>\\d+)\`, an object of them from the first place found; else a list of
  all that was found, of the group where there is one.
- **list**: one entry per line, without dashes and numbers before it.

**Example.** An agent is told to answer with JSON; \`agent.output\` leads to **text**, and
\`{{ output_parser.parsed.total }}\` is a number.

**When it goes wrong.**
- *parse_failed*: the text is not what it should be; the message shows its start. Tell the model to answer with nothing
  else, or choose *text* under “When it cannot be read”.
- *bad_pattern*: the pattern is RE2, without look-ahead and back-references.`,
});
