import { z } from 'zod';
import { definePart } from '#domain/node/definition.ts';
import { epicFunctions } from './functions.ts';

export const definition = definePart({
  type: 'epic_tools',
  title: 'Epic tools',
  summary: 'Lets an agent keep epics: large pieces of work with a budget.',
  icon: 'layers',
  category: 'tool',
  isPart: true,
  effect: 'pure',
  formatVersion: 1,
  config: z.object({}),
  tool: () => epicFunctions,
  ports: () => ({ inputs: [], outputs: [] }),
  docs: `Four functions for an agent: *create_epic*, *epic_status*, *update_epic* and *search_epics*. An epic is a large piece of
work that is made of tasks, with a priority from 1 (highest) to 5 and, if you like, a budget. It does what the owner of the workflow may do, and nothing else; what it changes is in the audit log as done by the owner through a run.

**Example.** An agent that is given a large job makes an epic for it and then its parts with *Task tools*.

**When it goes wrong.**
- *platform_404*: there is no such epic. Search for it.
- *platform_403*: the owner may only look at epics in this environment.
- Cancelling an epic cancels its open tasks, too.`,
});
