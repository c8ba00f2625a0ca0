import { z } from 'zod';
import { definePart } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';

export const definition = definePart({
  type: 'system_health',
  title: 'System health',
  summary: 'Tells an agent how the installation does.',
  icon: 'gauge',
  category: 'tool',
  isPart: true,
  effect: 'pure',
  formatVersion: 1,
  config: z.object({}),
  tool: () => [
    toolFunction({
      name: 'check_system_health',
      description:
        'Tells whether the installation is healthy, degraded or critical: processes that run workflows, waiting runs, ' +
        'runs that take over 15 minutes, failures within 24 hours, and schedules that have given up.',
      parameters: z.object({}),
    }),
  ],
  ports: () => ({ inputs: [], outputs: [] }),
  docs: `Tells how the installation does: **healthy**, **degraded** or **critical**, with the reasons in words. Runs and schedules are
those of the workflow’s environment; for an administrator’s workflow, all of them.

**Example.** A schedule asks an agent every morning to check the system, and *Notify* sends what it says.

**When it goes wrong.**
- *critical*: no process runs workflows. Start Pipewright, or a worker.
- *degraded*: the issues name the runs and schedules to look at.`,
});
