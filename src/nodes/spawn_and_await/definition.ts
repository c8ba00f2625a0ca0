import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';

export const MOST_TASKS = 100;

export const task = z.object({
  workflow_slug: z.string().min(1, 'Each task needs the slug of a workflow.').max(200),
  input_text: z.string().nullish(),
  input_data: z.record(z.string(), z.json()).nullish(),
});

const config = z.object({
  tasks: z
    .union([z.array(task).max(MOST_TASKS), z.string()])
    .default([])
    .describe(
      'A list of { workflow_slug, input_text, input_data }. A list that arrives at the port Tasks wins over it.',
    )
    .meta({ title: 'Tasks', field: { control: 'json', group: 'required' } }),
  on_error: z
    .enum(['fail', 'collect'])
    .default('fail')
    .describe('fail: the step fails when one of them does. collect: its place in the results says why.')
    .meta({ title: 'When one fails', field: { control: 'select', group: 'common' } }),
});

export const definition = defineNode({
  type: 'spawn_and_await',
  title: 'Run workflows',
  summary: 'Runs several workflows at once and waits for all results.',
  icon: 'network',
  category: 'flow',
  effect: 'external',
  startsRuns: true,
  formatVersion: 1,
  config,
  tool: ({ tasks }) =>
    tasks.length > 0
      ? []
      : [
          toolFunction({
            name: 'spawn_and_await',
            description:
              'Runs workflows, all at the same time, and gives their results in the order of the tasks. A slug “self” is ' +
              'the workflow you are in.',
            parameters: z.object({ tasks: z.array(task).min(1).max(MOST_TASKS).describe('What to run.') }),
          }),
        ],
  ports: () => ({
    inputs: [
      { name: 'tasks', type: 'array', label: 'Tasks', description: 'The list of tasks; wins over the form.' },
    ],
    outputs: [
      {
        name: 'results',
        type: 'array',
        label: 'Results',
        description: 'What each workflow gave back, in the order of the tasks.',
      },
    ],
  }),
  subtitle: ({ tasks }) =>
    Array.isArray(tasks) && tasks.length > 0 ? `${tasks.length} tasks` : 'tasks that arrive',
  docs: `Starts one run for every task, all at the same time, and waits until the last one has ended. The results come in the
order of the tasks, whatever order they ended in. At most ${MOST_TASKS} tasks; for longer lists put a Workflow node into a Loop.

A task is \`{ "workflow_slug": "…", "input_text": "…", "input_data": { … } }\`; the slug \`self\` is this very
workflow. The workflow is started with the keys of
\`input_data\` and with \`text\`; each result is what it *replied*, or the outputs of its last nodes by node id.

**Example.** \`[{ "workflow_slug": "price", "input_data": { "shop": "a" } }, { "workflow_slug": "price", "input_data":
{ "shop": "b" } }]\`, then a Code node that compares \`input[0]\` and \`input[1]\`.

**When it goes wrong.**
- *One of them failed*: with *fail* the step fails with its error once all have ended. With *collect* its place holds
  \`{ "error": { "code", "message", "execution_id" } }\`.
- *bad_tasks*: the list has another shape, or too many entries. The message names the entry.
- *workflow_not_found*, *workflow_cycle* and the like: see the docs of the Workflow node. Tasks before it in the list
  were started and run to their end.`,
});
