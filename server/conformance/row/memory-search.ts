import type { Row, Shape } from './row.ts';

const SEARCH: Shape = {
  credential_id: 'int?',
  credential_name: 'string?',
  model: 'string?',
  dimensions: 'int?',
  min_similarity: 'number',
  storage: 'string?',
  memories: 'object',
  paused_until: 'time?',
  last_error: 'string?',
  updated_at: 'time?',
};
const TRIAL: Shape = {
  ok: 'bool',
  error: 'string',
  dimensions: 'int?',
  alike: 'number?',
  unlike: 'number?',
  tokens: 'int',
  duration_ms: 'int',
};
const SMALL = { credential_id: '{embedder}', model: 'text-embedding-3-small' };
const noCredential = { status: 404, detail: 'LLM credential not found.' } as const;
const unchosen = { status: 409, detail: 'No embedding model is chosen. Choose one first.' } as const;

/** Which model memories are embedded with. The address of the provider is refused: nobody is asked. */
export const memorySearch: readonly Row[] = [
  {
    call: 'POST /credentials/',
    body: {
      name: 'Embedder',
      credential_type: 'llm',
      detail: { provider_type: 'openai_compatible', base_url: 'http://10.255.255.1/v1', api_key: 'sk-x' },
    },
    status: 201,
    keep: { embedder: 'id' },
  },
  {
    call: 'GET /memory-search/',
    status: 200,
    shape: SEARCH,
    value: { credential_id: null, model: null, storage: null, min_similarity: 0.25 },
  },
  { call: 'GET /memory-search/', as: 'nobody', status: 401 },
  { call: 'POST /memory-search/rebuild/', body: {}, ...unchosen },
  { call: 'PUT /memory-search/', body: {}, status: 422, loc: ['body', 'credential_id'] },
  { call: 'PUT /memory-search/', body: { credential_id: 2_000_000_000, model: 'x' }, ...noCredential },
  { call: 'PUT /memory-search/', as: 'other', body: SMALL, ...noCredential },
  {
    call: 'PUT /memory-search/',
    body: { credential_id: '{embedder}' },
    status: 422,
    loc: ['body', 'model'],
  },
  {
    call: 'PUT /memory-search/',
    body: { ...SMALL, dimensions: 4 },
    status: 422,
    loc: ['body', 'dimensions'],
  },
  {
    call: 'PUT /memory-search/',
    body: { ...SMALL, min_similarity: 2 },
    status: 422,
    loc: ['body', 'min_similarity'],
  },
  {
    call: 'PUT /memory-search/',
    body: { ...SMALL, dimensions: 256, min_similarity: 0.4 },
    status: 200,
    shape: SEARCH,
    value: { credential_name: 'Embedder', model: SMALL.model, dimensions: 256, min_similarity: 0.4 },
  },
  { call: 'GET /memory-search/', as: 'other', status: 200, value: { credential_id: null } },
  {
    call: 'POST /memory-search/test/',
    body: SMALL,
    status: 200,
    shape: TRIAL,
    value: { ok: false, dimensions: null, alike: null, tokens: 0 },
  },
  { call: 'POST /memory-search/test/', as: 'other', body: SMALL, ...noCredential },
  { call: 'POST /memory-search/test/', body: { credential_id: 1 }, status: 422, loc: ['body', 'model'] },
  { call: 'POST /memory-search/rebuild/', body: { what: 'everything' }, status: 200, shape: SEARCH },
  { call: 'POST /memory-search/rebuild/', body: { what: 'half' }, status: 422, loc: ['body', 'what'] },
  {
    call: 'PUT /memory-search/',
    body: { credential_id: null },
    status: 200,
    value: { credential_id: null, model: null, storage: null },
  },
  { call: 'DELETE /credentials/{embedder}/', status: 204 },
];
