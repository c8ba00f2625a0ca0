import { listOf, type Row, type Shape } from './row.ts';

const PRICE: Shape = {
  prefix: 'string',
  input_usd: 'number',
  cached_input_usd: 'number',
  output_usd: 'number',
  version: 'int',
  origin: 'string',
  updated_at: 'time',
};
const SUMS: Shape = {
  calls: 'int',
  failed_calls: 'int',
  input_tokens: 'int',
  cached_tokens: 'int',
  output_tokens: 'int',
  cost_usd: 'number',
  unpriced_calls: 'int',
};
const LLAMA = { prefix: 'llama-4', input_usd: 0.2, output_usd: 0.6 };
const noPrice = { status: 404, detail: 'Price not found.' } as const;

/** What models cost and took. */
export const models: readonly Row[] = [
  { call: 'GET /model-prices/', status: 200, ...listOf(PRICE) },
  { call: 'GET /model-prices/?q=GPT-4o-mini', status: 200, value: { total: 1 } },
  { call: 'GET /model-prices/?q=absent', status: 200, value: { items: [], total: 0 } },
  { call: 'GET /model-prices/?limit=-1', status: 422, loc: ['query', 'limit'] },
  { call: 'PUT /model-prices/', body: LLAMA, status: 403, detail: 'Admin access required.' },
  {
    call: 'PUT /model-prices/',
    as: 'admin',
    body: LLAMA,
    status: 200,
    shape: PRICE,
    value: { ...LLAMA, cached_input_usd: 0.2, origin: 'own' },
  },
  { call: 'PUT /model-prices/', as: 'admin', body: {}, status: 422, loc: ['body', 'prefix'] },
  {
    call: 'PUT /model-prices/',
    as: 'admin',
    body: { ...LLAMA, output_usd: -1 },
    status: 422,
    loc: ['body', 'output_usd'],
  },
  { call: 'DELETE /model-prices/?prefix=llama-4', status: 403, detail: 'Admin access required.' },
  { call: 'DELETE /model-prices/?prefix=llama-4', as: 'admin', status: 204 },
  { call: 'DELETE /model-prices/?prefix=llama-4', as: 'admin', ...noPrice },
  { call: 'DELETE /model-prices/', as: 'admin', status: 422, loc: ['query', 'prefix'] },
  {
    call: 'PUT /model-prices/',
    as: 'admin',
    body: { ...LLAMA, prefix: 'gpt-4o-mini' },
    status: 200,
    value: { origin: 'changed', output_usd: 0.6 },
  },
  { call: 'POST /model-prices/reset/', body: {}, status: 403, detail: 'Admin access required.' },
  { call: 'POST /model-prices/reset/', as: 'admin', body: { prefix: 'absent' }, ...noPrice },
  { call: 'POST /model-prices/reset/', as: 'admin', body: {}, status: 200, value: { changed: 1 } },
  { call: 'GET /model-prices/?q=gpt-4o-mini', status: 200, value: { items: [{ origin: 'built_in' }] } },
  { call: 'GET /model-usage/', status: 200, shape: SUMS, at: 'totals' },
  {
    call: 'GET /model-usage/?from=2031-01-01&to=2031-01-03',
    status: 200,
    shape: { key: 'string', label: 'string', ...SUMS },
    at: 'items.0',
    value: { items: [{ key: '2031-01-01' }, { key: '2031-01-02' }, { key: '2031-01-03' }] },
  },
  { call: 'GET /model-usage/?by=model', status: 200, value: { items: [] } },
  { call: 'GET /model-usage/?by=hour', status: 422, loc: ['query', 'by'] },
  { call: 'GET /model-usage/?from=2031-02-30', status: 422, loc: ['query', 'from'] },
  { call: 'GET /model-usage/?from=2031-01-02&to=2031-01-01', status: 422, loc: ['query', 'from'] },
  { call: 'GET /model-calls/', status: 200, value: { items: [], total: 0 } },
  { call: 'GET /model-calls/?execution_id=absent&status=nonsense', status: 200, value: { total: 0 } },
];

const BUDGET: Shape = {
  id: 'int',
  workflow_id: 'int?',
  workflow_name: 'string?',
  trigger_kind: 'string?',
  period: 'string',
  max_tokens: 'int?',
  max_usd: 'number?',
  used_tokens: 'int',
  used_usd: 'number',
  created_at: 'time',
  updated_at: 'time',
};
const absent = { status: 404, detail: 'Budget not found.' } as const;

/** How much may be spent. */
export const budgets: readonly Row[] = [
  {
    call: 'PUT /budgets/',
    body: { period: 'day', max_tokens: 50_000, max_usd: 1.5 },
    status: 200,
    shape: BUDGET,
    value: { workflow_id: null, period: 'day', max_tokens: 50_000, max_usd: 1.5, used_tokens: 0 },
    keep: { budget: 'id' },
  },
  {
    call: 'PUT /budgets/',
    body: { period: 'day', max_usd: 2 },
    status: 200,
    value: { id: '{budget}', max_tokens: null, max_usd: 2 },
  },
  { call: 'PUT /budgets/', body: { period: 'day' }, status: 422, loc: ['body', 'max_tokens'] },
  { call: 'PUT /budgets/', body: { period: 'year', max_usd: 1 }, status: 422, loc: ['body', 'period'] },
  {
    call: 'PUT /budgets/',
    body: { period: 'day', max_usd: 1, trigger_kind: 'full moon' },
    status: 422,
    loc: ['body', 'trigger_kind'],
  },
  { call: 'PUT /budgets/', body: { period: 'day', max_usd: -1 }, status: 422, loc: ['body', 'max_usd'] },
  {
    call: 'PUT /budgets/',
    body: { period: 'day', max_usd: 1, workflow_id: 999_999 },
    status: 404,
    detail: 'Workflow not found.',
  },
  { call: 'GET /budgets/', status: 200, ...listOf(BUDGET) },
  { call: 'GET /budgets/?workflow_id=999999', status: 200, value: { items: [], total: 0 } },
  { call: 'GET /budgets/', as: 'other', status: 200, value: { items: [], total: 0 } },
  { call: 'DELETE /budgets/{budget}/', as: 'other', ...absent },
  { call: 'DELETE /budgets/{budget}/', status: 204 },
  { call: 'DELETE /budgets/{budget}/', ...absent },
];
