import { z } from 'zod';
import { definePart } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';

export const definition = definePart({
  type: 'whoami',
  title: 'Who am I',
  summary: 'Tells an agent which workflow and node it is.',
  icon: 'user',
  category: 'tool',
  isPart: true,
  effect: 'pure',
  formatVersion: 1,
  config: z.object({}),
  tool: () => [
    toolFunction({
      name: 'whoami',
      description:
        'Tells who you are: your workflow, your node, the beginning of your instructions, and how they can be changed.',
      parameters: z.object({}),
    }),
  ],
  ports: () => ({ inputs: [], outputs: [] }),
  docs: `Tells an agent the workflow and the node it is, the first 1,000 characters of its instructions, and the call of the API
that changes them.

**Example.** An agent that shall improve itself asks this first, and then changes its instructions with *Pipewright API*.

**When it goes wrong.**
- *platform_403*: the owner of the workflow may no longer look at it.`,
});
