import { z } from 'zod';
import { definePart } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export const definition = definePart({
  type: 'platform_api',
  title: 'Pipewright API',
  summary: 'Lets an agent call the API of Pipewright with the rights of the owner.',
  icon: 'plug',
  category: 'tool',
  isPart: true,
  effect: 'pure',
  formatVersion: 1,
  config: z.object({}),
  tool: () => [
    toolFunction({
      name: 'platform_api',
      description:
        'Calls the REST API of Pipewright with the rights of the owner of this workflow. Paths are below /api/v1; ' +
        'GET /workflows/ lists workflows, GET /workflows/node-types/ the node types. Answers { status, body }.',
      parameters: z.object({
        method: z.enum(METHODS).describe('The HTTP method.'),
        path: z
          .string()
          .min(1)
          .max(2000)
          .describe('Such as /workflows/my-flow/ or /executions/?status=failed.'),
        body: z
          .union([z.record(z.string(), z.json()), z.string()])
          .nullish()
          .describe('The JSON body of POST, PUT and PATCH.'),
        api_key: z.string().max(500).nullish().describe('Not needed: leave it out.'),
      }),
      destructive: true,
    }),
  ],
  ports: () => ({ inputs: [], outputs: [] }),
  docs: `Lets an agent use the API: look at workflows, runs, schedules and more, and change them. It does what the owner of the workflow may do in its environment, and nothing else; what it changes is in the audit log as done by the owner through a run.

Closed to agents, whatever the owner may do: passwords, second factors, sessions, API keys, accounts of people, settings,
the audit log, storing credentials, and answering the questions of runs. Keys and secrets that are shown once are masked.

**Example.** An agent that is asked *which runs failed today?* calls \`GET /executions/?status=failed\`.

**When it goes wrong.**
- *status 403*: the owner may not do this, or no agent may. The detail says which.
- *status 404*: it does not exist in this environment.
- *status 422*: the detail names each field that is wrong.
- *status 429*: the runs of this workflow have called too often. Wait the seconds it says.`,
});
