import { listOf, type Row, type Shape } from './row.ts';

const FACT: Shape = {
  id: 'string',
  scope: 'string',
  agent_id: 'string?',
  user_id: 'string?',
  key: 'string',
  value: 'any',
  fact_type: 'string',
  confidence: 'number',
  times_confirmed: 'int',
  access_count: 'int',
  created_at: 'time',
  updated_at: 'time',
};
const EPISODE: Shape = {
  id: 'string',
  agent_id: 'string',
  user_id: 'string?',
  trigger_type: 'string',
  success: 'bool',
  error_code: 'string?',
  summary: 'string?',
  started_at: 'time',
  ended_at: 'time?',
  duration_ms: 'int?',
  created_at: 'time',
};
const PROCEDURE: Shape = {
  id: 'string',
  agent_id: 'string',
  name: 'string',
  description: 'string',
  procedure_type: 'string',
  times_used: 'int',
  times_succeeded: 'int',
  times_failed: 'int',
  success_rate: 'number',
  is_active: 'bool',
  created_at: 'time',
};
const PERSON: Shape = {
  id: 'string',
  canonical_id: 'string',
  display_name: 'string?',
  telegram_id: 'string?',
  email: 'string?',
  total_conversations: 'int',
  last_seen_at: 'time',
  created_at: 'time',
};
const CHECKPOINT: Shape = {
  thread_id: 'string',
  checkpoint_ns: 'string',
  checkpoint_id: 'string',
  parent_checkpoint_id: 'string?',
  step: 'int?',
  source: 'string?',
  blob_size: 'int',
};

/**
 * The list, its refusals, and the deletion of what there is, of one kind of memory. `own` leads to the row that was
 * made by hand where runs of other rows write some, too.
 */
function kind(name: string, shape: Shape, filter: string, own = ''): Row[] {
  const refused = { status: 403, detail: 'Admin access required.' } as const;
  return [
    { call: `GET /memories/${name}/`, as: 'admin', status: 200, ...listOf(shape) },
    {
      call: `GET /memories/${name}/?${filter}=absent`,
      as: 'admin',
      status: 200,
      value: { items: [], total: 0 },
    },
    { call: `GET /memories/${name}/`, ...refused },
    { call: `POST /memories/${name}/batch-delete/`, body: { ids: [] }, ...refused },
    { call: `POST /memories/${name}/batch-delete/`, as: 'admin', body: { ids: [] }, status: 204 },
    {
      call: `POST /memories/${name}/batch-delete/`,
      as: 'admin',
      body: {},
      status: 422,
      loc: ['body', 'ids'],
    },
    { call: `GET /memories/${name}/${own}`, as: 'admin', status: 200, keep: { memory: 'items.0.id' } },
    {
      call: `POST /memories/${name}/batch-delete/`,
      as: 'admin',
      body: { ids: ['{memory}', 'absent'] },
      status: 204,
    },
    { call: `GET /memories/${name}/${own}`, as: 'admin', status: 200, value: { items: [], total: 0 } },
  ];
}

/** §11: what agents have kept; the rows themselves are made by hand, because only runs write them. */
export const memories: readonly Row[] = [
  ...kind('facts', FACT, 'scope'),
  ...kind('episodes', EPISODE, 'agent_id', '?agent_id=grace'),
  ...kind('procedures', PROCEDURE, 'agent_id'),
  ...kind('users', PERSON, 'q'),
  {
    call: 'GET /memories/checkpoints/',
    as: 'admin',
    status: 200,
    ...listOf(CHECKPOINT),
    keep: { thread: 'items.0.thread_id' },
  },
  {
    call: 'GET /memories/checkpoints/?thread_id=absent',
    as: 'admin',
    status: 200,
    value: { items: [], total: 0 },
  },
  { call: 'GET /memories/checkpoints/', status: 403, detail: 'Admin access required.' },
  { call: 'POST /memories/checkpoints/batch-delete/', as: 'admin', body: {}, status: 204 },
  {
    call: 'POST /memories/checkpoints/batch-delete/',
    as: 'admin',
    body: { thread_ids: ['{thread}'] },
    status: 204,
  },
  { call: 'GET /memories/checkpoints/', as: 'admin', status: 200, value: { items: [], total: 0 } },
];

/** §8: the conversation with a workflow. */
export const chat: readonly Row[] = [
  {
    call: 'POST /workflows/orders/nodes/',
    body: { node_id: 'talk', component_type: 'trigger_chat' },
    status: 201,
  },
  {
    call: 'POST /workflows/orders/chat/',
    body: { text: 'hello' },
    status: 200,
    shape: { execution_id: 'string', status: 'string', response: 'string' },
    value: { status: 'pending', response: '' },
    keep: { said: 'execution_id' },
  },
  { call: 'POST /workflows/orders/chat/', body: { text: '', trigger_node_id: null }, status: 200 },
  { call: 'POST /workflows/orders/chat', body: { text: 'x', trigger_node_id: 'talk' }, status: 200 },
  {
    call: 'POST /workflows/orders/chat/',
    body: { text: 'x', trigger_node_id: 'absent' },
    status: 404,
    detail: 'No chat trigger found.',
  },
  { call: 'POST /workflows/orders/chat/', body: {}, status: 422, loc: ['body', 'text'] },
  {
    call: 'POST /workflows/absent/chat/',
    body: { text: 'x' },
    status: 404,
    detail: 'Workflow not found.',
  },
  {
    call: 'POST /workflows/orders/chat/',
    as: 'nobody',
    body: { text: 'x' },
    status: 401,
    detail: 'Not authenticated',
  },
  {
    call: 'GET /executions/{said}/',
    status: 200,
    value: { trigger_payload: { text: 'hello' } },
  },
  {
    call: 'GET /workflows/orders/chat/history?limit=10',
    status: 200,
    shape: { messages: 'array', thread_id: 'string', has_more: 'bool' },
    value: { thread_id: '{user_id}:{orders}', has_more: false },
  },
  {
    call: 'GET /workflows/orders/chat/history',
    status: 200,
    shape: { role: 'string', text: 'string', timestamp: 'time?' },
    at: 'messages',
    each: true,
  },
  { call: 'GET /workflows/orders/chat/history?before=yesterday', status: 400, says: ['before'] },
  { call: 'GET /workflows/absent/chat/history', status: 404, detail: 'Workflow not found.' },
  { call: 'GET /workflows/orders/chat/history', as: 'other', status: 404, detail: 'Workflow not found.' },
  { call: 'GET /workflows/orders/chat/history', as: 'nobody', status: 401, detail: 'Not authenticated' },
  { call: 'DELETE /workflows/orders/chat/history', as: 'other', status: 404, detail: 'Workflow not found.' },
  { call: 'DELETE /workflows/orders/chat/history', status: 204 },
  { call: 'DELETE /workflows/orders/chat/history/', status: 204 },
  { call: 'GET /workflows/orders/chat/history/', status: 200, value: { messages: [], has_more: false } },
];
