import { z } from 'zod';
import { definePart } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';
import { HOW } from './language.ts';

export const definition = definePart({
  type: 'workflow_create',
  title: 'Create workflow',
  summary: 'Lets an agent build a workflow from a description in steps.',
  icon: 'git-fork',
  category: 'tool',
  isPart: true,
  effect: 'pure',
  formatVersion: 1,
  config: z.object({}),
  tool: () => [
    toolFunction({
      name: 'workflow_create',
      description: HOW,
      parameters: z.object({
        dsl: z.string().min(1).max(250_000).describe('The workflow as YAML.'),
        tags: z
          .array(z.string().min(1).max(100))
          .max(100)
          .nullish()
          .describe('Put on the workflow besides its own.'),
      }),
      destructive: true,
    }),
  ],
  ports: () => ({ inputs: [], outputs: [] }),
  docs: `Lets an agent make a workflow, or a changed copy of one, from YAML that lists its steps. The graph is checked like one that
a person has drawn; what is wrong is told to the agent with the step and the field. It does what the owner of the workflow may do, and nothing else; what it changes is in the audit log as done by the owner through a run.

**Example.**
\`\`\`yaml
name: Summarise page
trigger: manual
model: inherit
steps:
  - { type: agent, id: sum, prompt: Summarise what you are given in three sentences. }
  - { type: reply_chat }
\`\`\`

An agent that asks before tools makes only agents that ask as well. Where a workflow it makes has steps that change something
outside by themselves, such as a request that posts or a notification, it is switched off until a person switches it on.

**When it goes wrong.**
- *platform_422*: the message says which step and which field; the agent usually repairs it by itself.
- *platform_403*: the owner may not edit workflows in this environment.`,
});
