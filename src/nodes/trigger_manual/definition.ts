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
        description: 'The object the run was started with; empty when none was given.',
      },
    ],
  }),
  docs: `Starts a run when you press **Run** in the editor, or when a program calls
\`POST /api/v1/workflows/{slug}/execute/\`.

The object given at the start arrives at **payload**. Later nodes read it as \`{{ trigger.payload.name }}\`.

**Example.** Run with \`{ "name": "Ada" }\`, then a Set node with the text \`Hello {{ trigger.payload.name }}\`.

**When it goes wrong.** A step says a value of \`trigger.payload\` is missing: the run was started without it. Start
it with that key, or give the template a default: \`{{ trigger.payload.name | default: "you" }}\`.`,
});
