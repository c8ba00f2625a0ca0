import { z } from 'zod';
import { definePart } from '#domain/node/definition.ts';
import { scheduleFunctions } from './functions.ts';

export const definition = definePart({
  type: 'scheduler_tools',
  title: 'Schedule tools',
  summary: 'Lets an agent make, pause and end schedules.',
  icon: 'calendar-clock',
  category: 'tool',
  isPart: true,
  effect: 'pure',
  formatVersion: 1,
  config: z.object({}),
  tool: () => scheduleFunctions,
  ports: () => ({ inputs: [], outputs: [] }),
  docs: `Five functions for an agent: *create_schedule*, *pause_schedule*, *resume_schedule*, *stop_schedule* (which deletes it) and
*list_schedules*. It does what the owner of the workflow may do, and nothing else; what it changes is in the audit log as done by the owner through a run.

**Example.** *Remind me every Monday at nine*: the agent makes a schedule of this workflow with the cron pattern
\`0 9 * * 1\`.

**When it goes wrong.**
- *platform_403*: the owner may not edit schedules in this environment.
- *platform_404*: there is no such schedule, or no such workflow.
- *platform_422*: the message names the field, such as a cron pattern that never comes.`,
});
