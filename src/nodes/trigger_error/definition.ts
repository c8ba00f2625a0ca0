import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';

export const definition = defineNode({
  type: 'trigger_error',
  title: 'Error trigger',
  summary: 'Starts once for every run that has failed.',
  icon: 'triangle-alert',
  category: 'trigger',
  trigger: 'error',
  effect: 'pure',
  formatVersion: 1,
  config: z.object({}),
  ports: () => ({
    inputs: [],
    outputs: [
      {
        name: 'error',
        type: 'object',
        label: 'Error',
        description: 'Why the run failed: { message, code, node }.',
      },
      { name: 'execution_id', type: 'string', label: 'Run', description: 'The id of the failed run.' },
      {
        name: 'workflow_slug',
        type: 'string',
        label: 'Workflow',
        description: 'The slug of the workflow that failed.',
      },
      {
        name: 'payload',
        type: 'object',
        label: 'Payload',
        description: 'All of it: { error, execution_id, workflow_slug, workflow_name }.',
      },
    ],
  }),
  docs: `Starts a run whenever a run of a workflow has failed, once per failed run. Which workflows: those whose settings name
this one as their *error handler*, and, where they name none, this workflow itself.

\`{{ trigger.error.message }}\`, \`{{ trigger.error.code }}\` and \`{{ trigger.error.node }}\` say what went wrong,
\`{{ trigger.workflow_name }}\` and \`{{ trigger.execution_id }}\` where. A run that was started by this trigger starts no
other one when it fails; neither does a run that another workflow waits for, because its caller is told.

**Example.** Error trigger → Notify with \`{{ trigger.workflow_name }} failed: {{ trigger.error.message }}\`.

**When it goes wrong.** *It does not start*: the workflow with the trigger is switched off or has errors, the failed run was
cancelled rather than failed, or the failing workflow names another error handler in its settings.`,
});
