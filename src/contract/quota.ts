import { z } from 'zod';
import { QUOTA_NAMES } from '#domain/access/quota.ts';
import { operation, rowId } from './operation.ts';

const quotasOut = z
  .object({
    environment_id: z.int(),
    quotas: z.array(
      z.object({
        name: z.enum(QUOTA_NAMES),
        used: z.int(),
        limit: z.int(),
        usual: z.int().describe('The limit where the environment has none of its own.'),
      }),
    ),
  })
  .meta({ id: 'Quotas' });

const limit = z.int().min(0).max(1_000_000_000).nullish();

/** How much there may be of everything, and how much there is. */
export const quotas = {
  get: operation({
    method: 'get',
    path: '/quotas',
    status: 200,
    access: 'workflow.read',
    summary: 'The quotas of your environment and how much of them is used',
    input: z.object({}),
    output: quotasOut,
  }),
  update: operation({
    method: 'patch',
    path: '/quotas/{environment_id}',
    status: 200,
    access: 'settings.edit',
    summary: 'Give an environment limits of its own; null goes back to the usual one',
    input: z.object({
      environment_id: rowId,
      workflows: limit,
      webhooks: limit,
      schedules: limit,
      credentials: limit,
      api_keys: limit,
      queued_runs: limit,
    }),
    output: quotasOut,
  }),
} as const;
