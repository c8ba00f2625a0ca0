import { z } from 'zod';
import { definePart } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';

const words = z.array(z.string().max(200)).max(100).optional();

const requirements = z.object({
  triggers: words.describe('Such as chat, webhook or schedule.'),
  node_types: words.describe('Such as http_request or agent.'),
  tools: words.describe('Node types that agents have as tools.'),
  tags: words,
  description: z.string().max(2000).optional().describe('Words its description contains.'),
});

export const definition = definePart({
  type: 'workflow_discover',
  title: 'Find workflow',
  summary: 'Lets an agent find workflows that already do what it needs.',
  icon: 'search',
  category: 'tool',
  isPart: true,
  effect: 'pure',
  formatVersion: 1,
  config: z.object({}),
  tool: () => [
    toolFunction({
      name: 'workflow_discover',
      description:
        'Finds active workflows that do what you need. Each has a score from 0 to 1 and a recommendation: reuse it, ' +
        'copy and change it (fork_and_patch), or create a new one (create_new).',
      parameters: z.object({
        requirements: z
          .union([requirements, z.string().max(20_000)])
          .describe('What it has to have: node types, triggers, tools, tags, and words of its description.'),
        limit: z.int().min(1).max(50).default(5),
      }),
    }),
  ],
  ports: () => ({ inputs: [], outputs: [] }),
  docs: `Compares what an agent needs with the active workflows of the environment. The score is 0.8 × the part of the required node
types, triggers and tools it has, 0.1 × how far the tags agree, 0.1 × the part of its runs of the last 90 days that
completed (0.5 without runs), and 0.05 more if its description contains the words asked for.

From 0.95 on it recommends to *reuse*, from 0.5 on to *fork_and_patch*, else to *create_new*.

**Example.** \`{ "triggers": ["webhook"], "node_types": ["http_request", "notify"] }\`

**When it goes wrong.**
- *Nothing is found*: the workflow is switched off, or in another environment.
- *platform_422*: the requirements are no object with lists of words.`,
});
