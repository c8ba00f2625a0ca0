import { z } from 'zod';
import { credentialField } from '#domain/credential/reference.ts';
import { defineNode } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';

const LONGEST_QUERY = 500;

const config = z.object({
  searxng_url: z
    .string()
    .max(2000)
    .default('')
    .describe(
      'The address of a SearXNG server, or of one that answers like it. Empty: the credential “Web search” with a star, else http://localhost:8888.',
    )
    .meta({
      title: 'Search server',
      field: { control: 'text', group: 'common', placeholder: 'https://search.example.com' },
    }),
  query: z
    .string()
    .max(LONGEST_QUERY)
    .default('')
    .describe('What to search for. Empty: what arrives, or what an agent asks.')
    .meta({ title: 'Query', field: { control: 'template', group: 'common' } }),
  limit: z
    .int()
    .min(1)
    .max(20)
    .default(5)
    .describe('So many results at most.')
    .meta({ title: 'Results', field: { group: 'common' } }),
  credential: credentialField({
    title: 'Credential',
    use: 'http',
    group: 'common',
    describe: 'Signs the request, where the server above asks for it.',
  }),
});

export const definition = defineNode({
  type: 'web_search',
  title: 'Web search',
  summary: 'Searches the web through a SearXNG server.',
  icon: 'search',
  category: 'tool',
  effect: 'external',
  formatVersion: 1,
  verbatim: ['credential'],
  config,
  tool: ({ query }) =>
    query === ''
      ? [
          toolFunction({
            name: 'web_search',
            description: 'Searches the web. Gives the title, address and a snippet of the best results.',
            parameters: z.object({
              query: z
                .string()
                .min(1)
                .max(LONGEST_QUERY)
                .describe('What to search for, as typed into a search box.'),
            }),
          }),
        ]
      : [
          toolFunction({
            name: 'web_search',
            description: `Searches the web for “${query}” and gives the title, address and a snippet of the best results.`,
            parameters: z.object({}),
          }),
        ],
  ports: () => ({
    inputs: [
      {
        name: 'query',
        type: 'string',
        label: 'Query',
        description: 'What to search for, unless the form says it.',
      },
    ],
    outputs: [
      {
        name: 'results',
        type: 'array',
        label: 'Results',
        description: 'title, url and snippet of each, best first.',
      },
      { name: 'result', type: 'string', label: 'Text', description: 'The same as a text.' },
    ],
  }),
  subtitle: ({ query, searxng_url }) => String(query || searxng_url).slice(0, 60),
  docs: `Searches the web, as a step or as a tool of an agent, through a **SearXNG** server (\`/search?format=json\`).

The address is that of the form, else the credential *Web search* of the environment that has a star, else
\`http://localhost:8888\`. An agent whose environment has such a starred credential searches with it even without this node.

**Example.** Plug it into an agent's tools: it then searches whenever it needs to know something.

**When it goes wrong.**
- *Destination not allowed*: the server is on a private address. The operator opens it with \`PIPEWRIGHT_EGRESS_ALLOW\`.
- *search_failed*, answered 403: JSON is switched off there. Add \`json\` to \`search.formats\` in its settings.
- *No results*: ask with fewer words.`,
});
