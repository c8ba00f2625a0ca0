import { z } from 'zod';
import { definePart } from '#domain/node/definition.ts';
import { taskFunctions } from './functions.ts';

export const definition = definePart({
  type: 'task_tools',
  title: 'Task tools',
  summary: 'Lets an agent keep the tasks of epics.',
  icon: 'list-checks',
  category: 'tool',
  isPart: true,
  effect: 'pure',
  formatVersion: 1,
  config: z.object({}),
  tool: () => taskFunctions,
  ports: () => ({ inputs: [], outputs: [] }),
  docs: `Four functions for an agent: *create_task*, *list_tasks*, *update_task* and *cancel_task*. A task belongs to an epic and may
depend on others: it is blocked until those are completed. It does what the owner of the workflow may do, and nothing else; what it changes is in the audit log as done by the owner through a run.

**Example.** *create_task* twice, the second with \`depends_on\` the first: it becomes pending when the first is completed.

**When it goes wrong.**
- *platform_404*: there is no such task or epic.
- *platform_422*: tasks would depend on each other in a circle, or on one of another epic.
- *platform_403*: the owner may only look at tasks in this environment.`,
});
