import type { Row, Shape } from './row.ts';

const OFFER: Shape = {
  enabled: 'bool',
  tool_name: 'string',
  description: 'string',
  input_schema: 'any',
  effective_schema: 'object',
  problem: 'string?',
  updated_at: 'time?',
};

/** Workflows as tools of the MCP server. */
export const mcp: readonly Row[] = [
  {
    call: 'GET /workflows/orders/mcp/',
    status: 200,
    shape: OFFER,
    value: { enabled: false, tool_name: 'orders', input_schema: null, updated_at: null },
  },
  { call: 'GET /workflows/absent/mcp/', status: 404, detail: 'Workflow not found.' },
  { call: 'GET /workflows/orders/mcp/', as: 'other', status: 404, detail: 'Workflow not found.' },
  { call: 'GET /workflows/orders/mcp/', as: 'nobody', status: 401, detail: 'Not authenticated' },
  { call: 'PUT /workflows/orders/mcp/', body: {}, status: 422, loc: ['body', 'enabled'] },
  {
    call: 'PUT /workflows/orders/mcp/',
    body: { enabled: true, tool_name: 'two words' },
    status: 422,
    loc: ['body', 'tool_name'],
  },
  {
    call: 'PUT /workflows/orders/mcp/',
    body: { enabled: true, input_schema: { type: 'array' } },
    status: 422,
    loc: ['body', 'input_schema'],
  },
  {
    call: 'PUT /workflows/orders/mcp/',
    body: { enabled: true, tool_name: 'take_orders', description: 'Takes orders.' },
    status: 200,
    shape: OFFER,
    value: { enabled: true, tool_name: 'take_orders', description: 'Takes orders.' },
  },
  {
    call: 'PUT /workflows/orders/mcp/',
    as: 'other',
    body: { enabled: true },
    status: 404,
    detail: 'Workflow not found.',
  },
  {
    call: 'PUT /workflows/orders/mcp/',
    body: { enabled: false },
    status: 200,
    value: { enabled: false, tool_name: 'take_orders' },
  },
];
