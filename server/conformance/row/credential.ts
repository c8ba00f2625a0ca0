import { listOf, type Row, type Shape } from './row.ts';

const CREDENTIAL: Shape = {
  id: 'int',
  name: 'string',
  credential_type: 'string',
  detail: 'object',
  created_at: 'time',
  updated_at: 'time',
};
const absent = { status: 404, detail: 'Credential not found.' } as const;
const secret = 'sk-canary-0123456789';
const model = {
  name: 'Model',
  credential_type: 'llm',
  detail: { provider_type: 'openai_compatible', api_key: secret, base_url: 'http://127.0.0.1:9/v1' },
};

/** §9: credentials. */
export const credentials: readonly Row[] = [
  {
    call: 'POST /credentials/',
    body: model,
    status: 201,
    shape: CREDENTIAL,
    value: {
      credential_type: 'llm',
      detail: {
        provider_type: 'openai_compatible',
        api_key: 'sk-c****6789',
        base_url: 'http://127.0.0.1:9/v1',
        organization_id: '',
        custom_headers: {},
      },
    },
    keep: { model: 'id', shown: 'detail' },
  },
  {
    call: 'POST /credentials/',
    body: {
      name: 'Repository',
      credential_type: 'git',
      detail: { username: 'grace', access_token: secret, webhook_secret: secret },
    },
    status: 201,
    value: {
      detail: {
        provider: 'github',
        credential_type: 'token',
        username: 'grace',
        access_token: 'sk-c****6789',
      },
    },
    keep: { repository: 'id' },
  },
  {
    call: 'POST /credentials/',
    body: {
      name: 'Search',
      credential_type: 'tool',
      detail: { tool_type: 'searxng', config: { url: 'https://example.com' } },
    },
    status: 201,
    value: { detail: { tool_type: 'searxng', config: { url: 'https://example.com' }, is_preferred: false } },
    keep: { tool: 'id' },
  },
  {
    call: 'POST /credentials/',
    body: { name: 'Bot', credential_type: 'gateway', detail: { adapter_type: 'telegram', token: secret } },
    status: 502,
  },
  { call: 'POST /credentials/', body: { credential_type: 'llm' }, status: 422, loc: ['body', 'name'] },
  { call: 'POST /credentials/', body: { name: 'x' }, status: 422, loc: ['body', 'credential_type'] },
  {
    call: 'POST /credentials/',
    body: { name: 'x', credential_type: 'x' },
    status: 422,
    loc: ['body', 'credential_type'],
  },
  { call: 'GET /credentials/?limit=50', status: 200, ...listOf(CREDENTIAL), value: { total: 3 } },
  { call: 'GET /credentials/', as: 'other', status: 200, value: { items: [], total: 0 } },
  { call: 'GET /credentials/{model}/', status: 200, shape: CREDENTIAL },
  { call: 'GET /credentials/{model}/', as: 'other', ...absent },
  { call: 'GET /credentials/999999/', ...absent },
  { call: 'GET /credentials/first/', status: 422, loc: ['path', 'credential_id'] },
  {
    call: 'PATCH /credentials/{model}/',
    body: { name: 'Renamed', detail: '{shown}', credential_type: 'git' },
    status: 200,
    shape: CREDENTIAL,
    value: { name: 'Renamed', credential_type: 'llm', detail: { api_key: 'sk-c****6789' } },
  },
  {
    call: 'PATCH /credentials/{tool}/',
    body: { detail: { is_preferred: true } },
    status: 200,
    value: { detail: { is_preferred: true, tool_type: 'searxng' } },
  },
  { call: 'PATCH /credentials/999999/', body: {}, ...absent },
  {
    call: 'POST /credentials/{model}/test/',
    status: 200,
    shape: { ok: 'bool', error: 'string', detail: 'any' },
    value: { ok: false },
  },
  { call: 'POST /credentials/{tool}/test/', status: 404, detail: 'LLM credential not found.' },
  { call: 'POST /credentials/999999/test/', ...absent },
  { call: 'POST /credentials/{model}/test/', as: 'other', ...absent },
  { call: 'GET /credentials/{model}/models/', status: 200, value: [] },
  { call: 'GET /credentials/{repository}/models/', status: 404, detail: 'LLM credential not found.' },
  { call: 'POST /credentials/{model}/activate/', status: 404, detail: 'Gateway credential not found.' },
  { call: 'POST /credentials/{model}/deactivate/', status: 404, detail: 'Gateway credential not found.' },
  { call: 'POST /credentials/batch-delete/', as: 'other', body: { ids: ['{tool}'] }, status: 204 },
  { call: 'POST /credentials/batch-delete/', body: { ids: ['{tool}', 999_999] }, status: 204 },
  { call: 'POST /credentials/batch-delete/', body: {}, status: 422, loc: ['body', 'ids'] },
  { call: 'GET /credentials/{tool}/', ...absent },
  { call: 'DELETE /credentials/{repository}/', as: 'other', ...absent },
  { call: 'DELETE /credentials/{repository}/', status: 204 },
  { call: 'DELETE /credentials/{repository}/', ...absent },
];
