import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';

const config = z.object({
  source_workflow: z
    .string()
    .max(200)
    .default('')
    .describe('The slug of the only workflow that may start this one here. Empty: any of this environment.')
    .meta({ title: 'Only from', field: { control: 'text', group: 'advanced' } }),
});

export const definition = defineNode({
  type: 'trigger_workflow',
  title: 'Workflow trigger',
  summary: 'Starts the workflow when another one calls it.',
  icon: 'route',
  category: 'trigger',
  trigger: 'workflow',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: () => ({
    inputs: [],
    outputs: [
      { name: 'text', type: 'string', label: 'Text', description: 'The text that was handed over, if any.' },
      { name: 'payload', type: 'object', label: 'Payload', description: 'Everything that was handed over.' },
    ],
  }),
  subtitle: ({ source_workflow }) =>
    source_workflow === '' ? 'from any workflow' : `from ${source_workflow}`,
  docs: `Starts a run when a **Workflow** or **Run workflows** node of another workflow calls this one. What was handed over
arrives at **payload**, its \`text\` also at **text**; templates read it as \`{{ trigger.order }}\`. The caller gets what a
Reply node here says, or else the outputs of the last nodes.

A workflow without this trigger is called at its Manual trigger.

**Example.** The caller hands over \`order\` = \`trigger.body.order\`; here a Set node builds
\`{{ trigger.order.id }}: {{ trigger.order.total }}\` and a Reply node gives it back.

**When it goes wrong.**
- *A value of trigger is missing*: the caller hands over other keys. Compare with the input of its Workflow step.
- *no_trigger*: *Only from* names another workflow than the caller. Clear it, or add a second trigger.`,
});
