import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { asPath } from './mapping.ts';
import { workflowFunction } from './tool-face.ts';

export const TRIGGER_MODES = ['implicit', 'explicit'] as const;
const UNMAPPABLE =
  'Write one path such as trigger.body.name, or one {{ reference }}. Build longer texts in a Set node before.';

const config = z
  .object({
    target_workflow: z
      .string()
      .max(200)
      .default('')
      .describe('The slug of the workflow to run. It has to be active.')
      .meta({
        title: 'Workflow',
        field: { control: 'text', group: 'required', placeholder: 'send-invoice' },
      }),
    input_mapping: z
      .record(z.string().min(1, 'A key needs a name.').max(200), z.json())
      .default({})
      .describe(
        'What the other workflow is started with: its key, and a path here such as trigger.body.name or a value. ' +
          'Empty: the value that arrives.',
      )
      .meta({ title: 'Hand over', field: { control: 'keyvalue', group: 'required' } }),
    trigger_mode: z
      .enum(TRIGGER_MODES)
      .default('implicit')
      .describe('implicit: its workflow trigger, else its manual one. explicit: the trigger named below.')
      .meta({ title: 'Start at', field: { control: 'select', group: 'advanced' } }),
    trigger: z
      .string()
      .max(64)
      .default('')
      .describe('The id of the trigger node over there.')
      .meta({
        title: 'Trigger',
        field: { control: 'text', group: 'advanced', when: { field: 'trigger_mode', in: ['explicit'] } },
      }),
  })
  .superRefine(({ input_mapping }, context) => {
    for (const [key, value] of Object.entries(input_mapping)) {
      if (typeof value !== 'string' || !value.includes('{{') || asPath(value) !== null) continue;
      context.addIssue({ code: 'custom', path: ['input_mapping', key], message: UNMAPPABLE });
    }
  });

export const definition = defineNode({
  type: 'workflow',
  title: 'Workflow',
  summary: 'Runs another workflow and waits for its result.',
  icon: 'workflow',
  category: 'flow',
  effect: 'external',
  startsRuns: true,
  formatVersion: 1,
  config,
  tool: ({ target_workflow }) => (target_workflow ? [workflowFunction({ slug: target_workflow })] : []),
  // Paths are read by the step itself: a text that looks like one must not become one once it is filled in.
  verbatim: ['input_mapping'],
  ports: () => ({
    inputs: [
      {
        name: 'payload',
        type: 'any',
        label: 'Payload',
        description: 'What the other workflow is started with, unless the form says so.',
      },
    ],
    outputs: [
      { name: 'output', type: 'any', label: 'Output', description: 'What the other workflow gave back.' },
    ],
  }),
  subtitle: ({ target_workflow }) => target_workflow || 'none chosen',
  docs: `Starts another workflow of the same environment as a run of its own and waits until it has ended. Waiting takes no
worker. The result is what the other workflow *replied*, or, without a Reply, the outputs of its last nodes by node id.

It starts at its **Workflow trigger**, else at its Manual trigger. *Hand over* builds what it is started with: a key and a
path (\`trigger.body.name\`, \`input\`, \`get_order.body\`), one reference (\`{{ loop.item }}\`) or a plain value. Left empty,
the value that arrives is handed over: an object as it is, a text as \`{ "text": … }\`, anything else as
\`{ "value": … }\`.

**As a tool** of an agent it is a function with the name, the description and the input schema of the other workflow. What
the agent gives it starts the run; values of *Hand over* that are no paths are put over that. The agent waits for the end.

**Example.** Workflow \`send-invoice\`, hand over \`order\` = \`trigger.body.order\`. Over there \`{{ trigger.order.id }}\`.

**When it goes wrong.**
- *The other workflow failed*: this step fails with its error. What happens then is set under *On error*. *Retry* does not
  start it anew; set it on the node that fails over there.
- *workflow_not_found*, *workflow_inactive*, *no_trigger*, *invalid_workflow*: open the other workflow; the message says
  what is missing.
- *workflow_cycle*: the workflows call each other in a circle, or more than 10 deep. The message names the chain.`,
});
