import { z } from 'zod';
import { pageOf, paging } from '#domain/page.ts';
import { text } from '#domain/text.ts';
import { operation, rowId } from './operation.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');
const one = { budget_id: rowId };

const budgetOut = z
  .object({
    id: z.int(),
    workflow_id: z.int().nullable().describe('Null: all workflows of the environment together.'),
    workflow_name: z.string().nullable(),
    trigger_kind: z.string().nullable().describe('Null: however the run was started.'),
    period: z.enum(['run', 'day', 'month']).describe('Days and months in UTC; `run`: every run by itself.'),
    max_tokens: z.int().nullable(),
    max_usd: z.number().nullable(),
    used_tokens: z.int().describe('In this day or month, reservations included; 0 for `run`.'),
    used_usd: z.number(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Budget' });

const limits = {
  max_tokens: z.int().min(0).max(1_000_000_000_000).nullish(),
  max_usd: z
    .number()
    .min(0)
    .max(10_000_000)
    .nullish()
    .describe('Where dollars alone are limited, models without a price are not asked.'),
};

/** How much may be spent on models. Checked before every call. */
export const budgets = {
  list: operation({
    method: 'get',
    path: '/budgets',
    status: 200,
    access: 'model.read',
    summary: 'The budgets of your environment and how much of them is used',
    input: z.object({ ...paging, workflow_id: rowId.optional() }),
    output: pageOf(budgetOut),
  }),
  put: operation({
    method: 'put',
    path: '/budgets',
    status: 200,
    access: 'budget.edit',
    summary: 'Set a budget; there is one per workflow, kind of trigger and period',
    input: z.object({
      workflow_id: rowId.nullish(),
      trigger_kind: text(50).nullish(),
      period: z.enum(['run', 'day', 'month']),
      ...limits,
    }),
    output: budgetOut,
  }),
  remove: operation({
    method: 'delete',
    path: '/budgets/{budget_id}',
    status: 204,
    access: 'budget.edit',
    summary: 'Remove a budget',
    input: z.object(one),
    output: z.void(),
  }),
} as const;
