import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';

export const definition = defineNode({
  type: 'trigger_manual',
  title: 'Manual trigger',
  summary: 'Starts the workflow when somebody presses Run or calls the execute API.',
  icon: 'play',
  category: 'trigger',
  trigger: 'manual',
  effect: 'pure',
  formatVersion: 1,
  config: z.object({}),
  ports: () => ({
    inputs: [],
    outputs: [
      {
        name: 'payload',
        type: 'object',
        label: 'Payload',
        description: 'The whole object the run was started with.',
      },
      {
        name: 'text',
        type: 'string',
        label: 'Text',
        description: 'The text the run was started with, if any.',
      },
    ],
  }),
  docs: `Starts a run when you press **Run** in the editor, or when a program calls
\`POST /api/v1/workflows/{slug}/execute/\`.

What was given at the start arrives at **payload**, its \`text\` also at **text**. Later nodes read it as
\`{{ trigger.text }}\` or \`{{ trigger.name }}\`.

**Example.** Run with \`{ "name": "Ada" }\`, then a Set node with the text \`Hello {{ trigger.name }}\`.

**When it goes wrong.** A step says that a value of \`trigger\` is missing: the run was started without it. Start it with
that key, or give the template a default: \`{{ trigger.name | default: "you" }}\`.`,
});
