import { z } from 'zod';
import { pageOf, paging } from '#domain/page.ts';
import { name, text } from '#domain/text.ts';
import { operation, rowId } from './operation.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');
const day = text(10).regex(/^\d{4}-\d{2}-\d{2}$/, 'A day such as 2026-04-30.');
const usd = z.number().min(0).max(100_000);

const priceOut = z
  .object({
    prefix: z.string().describe('How the names of the models begin; the longest that fits counts.'),
    input_usd: z.number().describe('Per million tokens of the prompt.'),
    cached_input_usd: z.number(),
    output_usd: z.number(),
    version: z.int().describe('Calls remember by which version they were priced.'),
    origin: z.enum(['built_in', 'changed', 'own']),
    updated_at: time,
  })
  .meta({ id: 'ModelPrice' });

const usageFields = {
  calls: z.int(),
  failed_calls: z.int(),
  input_tokens: z.int().describe('Of the prompts, cached ones included.'),
  cached_tokens: z.int(),
  output_tokens: z.int(),
  cost_usd: z.number(),
  unpriced_calls: z.int().describe('Calls of models without a price: their cost is not in `cost_usd`.'),
};
const usageTotals = z.object(usageFields);

const range = {
  from: day.optional().describe('First day, in UTC; 29 days before `to` if absent.'),
  to: day.optional().describe('Last day, in UTC; today if absent.'),
  workflow_id: rowId.optional(),
  model: text(200).optional(),
};

const callOut = z
  .object({
    id: z.int(),
    execution_id: z.string(),
    workflow_id: z.int().describe('0: none; what the memory embeds by itself.'),
    node_id: z.string(),
    scope: z.string(),
    provider: z.string(),
    model: z.string(),
    credential_id: z.int().nullable(),
    status: z.enum(['running', 'ok', 'failed', 'lost']),
    error_code: z.string().nullable(),
    input_tokens: z.int(),
    cached_tokens: z.int(),
    output_tokens: z.int(),
    is_estimated: z.boolean().describe('The provider did not say; counted by the length of the texts.'),
    cost_usd: z.number(),
    price_version: z.int().nullable().describe('Null: the model has no price.'),
    started_at: time,
    duration_ms: z.int().nullable(),
  })
  .meta({ id: 'ModelCall' });

/** What models cost and what they were used for. */
export const models = {
  prices: operation({
    method: 'get',
    path: '/model-prices',
    status: 200,
    access: 'model.read',
    summary: 'What models cost, in US dollars per million tokens',
    input: z.object({ ...paging, q: text(200).optional().describe('Part of the prefix.') }),
    output: pageOf(priceOut),
  }),
  setPrice: operation({
    method: 'put',
    path: '/model-prices',
    status: 200,
    access: 'price.edit',
    summary: 'Set the price of models whose names begin alike',
    input: z.object({
      prefix: name(200),
      input_usd: usd,
      cached_input_usd: usd.nullish().describe('As `input_usd` if absent.'),
      output_usd: usd,
    }),
    output: priceOut,
  }),
  removePrice: operation({
    method: 'delete',
    path: '/model-prices',
    status: 204,
    access: 'price.edit',
    summary: 'Remove a price; calls from now on count as unpriced unless a shorter prefix fits',
    input: z.object({ prefix: name(200) }),
    output: z.void(),
  }),
  resetPrices: operation({
    method: 'post',
    path: '/model-prices/reset',
    status: 200,
    access: 'price.edit',
    summary: 'Put prices back to those that were delivered; without a prefix all of them',
    input: z.object({ prefix: name(200).nullish() }),
    output: z.object({ changed: z.int() }),
  }),
  usage: operation({
    method: 'get',
    path: '/model-usage',
    status: 200,
    access: 'model.read',
    summary: 'Tokens and money of your environment by day, workflow or model',
    input: z.object({ ...range, by: z.enum(['day', 'workflow', 'model']).default('day') }),
    output: z.object({
      from: z.string(),
      to: z.string(),
      items: z
        .array(
          z.object({
            key: z.string().describe('The day, the id of the workflow or the model.'),
            label: z.string(),
            ...usageFields,
          }),
        )
        .describe('Days in order, every day of the range; others by cost, then tokens; at most 1,000.'),
      totals: usageTotals,
    }),
  }),
  calls: operation({
    method: 'get',
    path: '/model-calls',
    status: 200,
    access: 'model.read',
    summary: 'The calls of models, newest first',
    input: z.object({
      ...paging,
      execution_id: text(200).optional(),
      node_id: text(64).optional(),
      workflow_id: rowId.optional(),
      model: text(200).optional(),
      status: text(20).optional(),
    }),
    output: pageOf(callOut),
  }),
} as const;
