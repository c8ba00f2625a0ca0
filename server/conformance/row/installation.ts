import { listOf, type Row, type Shape } from './row.ts';

const CONFIG: Shape = {
  pipelit_dir: 'string',
  sandbox_mode: 'string',
  database_url: 'string',
  redis_url: 'string',
  log_level: 'string',
  log_file: 'string',
  platform_base_url: 'string',
  cors_allow_all_origins: 'bool?',
  zombie_execution_threshold_seconds: 'int?',
};
const ENVIRONMENT: Shape = {
  os: 'string',
  arch: 'string',
  container: 'string?',
  bwrap_available: 'bool',
  rootfs_ready: 'bool',
  sandbox_mode: 'string',
  capabilities: 'object',
  tier1_met: 'bool',
  tier2_warnings: 'array',
  gate: 'object',
};
const CHANGED: Shape = { config: 'object', hot_reloaded: 'array', restart_required: 'array' };

/** §14: settings. */
export const settings: readonly Row[] = [
  { call: 'GET /settings/', status: 200, shape: CONFIG, at: 'config' },
  { call: 'GET /settings/', status: 200, shape: ENVIRONMENT, at: 'environment' },
  {
    call: 'GET /settings/',
    status: 200,
    shape: { runtimes: 'object', shell_tools: 'object', network: 'object' },
    at: 'environment.capabilities',
  },
  {
    call: 'GET /settings/',
    as: 'admin',
    status: 200,
    keep: { config: 'config', url: 'config.database_url' },
  },
  { call: 'PATCH /settings/', body: { log_level: 'DEBUG' }, status: 403, detail: 'Admin access required.' },
  {
    call: 'PATCH /settings/',
    as: 'admin',
    body: { log_level: 'DEBUG' },
    status: 200,
    shape: CHANGED,
    value: { config: { log_level: 'DEBUG' }, hot_reloaded: ['log_level'], restart_required: [] },
  },
  {
    call: 'PATCH /settings/',
    as: 'admin',
    body: { log_level: 'LOUD' },
    status: 422,
    loc: ['body', 'log_level'],
  },
  {
    call: 'PATCH /settings/',
    as: 'admin',
    body: { zombie_execution_threshold_seconds: -1 },
    status: 422,
    loc: ['body', 'zombie_execution_threshold_seconds'],
  },
  {
    call: 'PATCH /settings/',
    as: 'admin',
    body: '{config}',
    status: 200,
    shape: CHANGED,
    value: { config: { database_url: '{url}' } },
  },
  { call: 'POST /settings/recheck-environment/', status: 200, shape: ENVIRONMENT, at: 'environment' },
];

const WORKSPACE: Shape = {
  id: 'int',
  name: 'string',
  path: 'string',
  allow_network: 'bool',
  env_vars: 'array',
  created_at: 'time',
};
const absent = { status: 404, detail: 'Workspace not found.' } as const;

/** §15: workspaces, which here are called sandboxes. */
export const sandboxes: readonly Row[] = [
  {
    call: 'POST /workspaces/',
    body: { name: 'reports', env_vars: [{ key: 'LANGUAGE', value: 'en', source: 'raw' }] },
    status: 201,
    shape: WORKSPACE,
    value: {
      allow_network: false,
      env_vars: [
        { key: 'LANGUAGE', value: 'en', credential_id: null, credential_field: null, source: 'raw' },
      ],
    },
    keep: { workspace: 'id' },
  },
  {
    call: 'POST /workspaces/',
    body: { name: 'reports' },
    status: 409,
    detail: 'Workspace with this name already exists.',
  },
  { call: 'POST /workspaces/', body: {}, status: 422, loc: ['body', 'name'] },
  { call: 'POST /workspaces/', body: { name: 'x'.repeat(101) }, status: 422, loc: ['body', 'name'] },
  {
    call: 'POST /workspaces/',
    body: { name: 'outside', path: '../../etc' },
    status: 400,
    says: ['Workspace path must be under'],
  },
  { call: 'GET /workspaces/?limit=50', status: 200, ...listOf(WORKSPACE) },
  { call: 'GET /workspaces/{workspace}/', status: 200, shape: WORKSPACE },
  { call: 'GET /workspaces/{workspace}/', as: 'other', ...absent },
  { call: 'GET /workspaces/{workspace}/', as: 'admin', ...absent },
  { call: 'GET /workspaces/999999/', ...absent },
  {
    call: 'PATCH /workspaces/{workspace}/',
    body: { allow_network: true, env_vars: [] },
    status: 200,
    shape: WORKSPACE,
    value: { allow_network: true, env_vars: [] },
  },
  { call: 'PATCH /workspaces/999999/', body: {}, ...absent },
  {
    call: 'POST /workspaces/{workspace}/reset/',
    status: 200,
    shape: { ok: 'bool', message: 'string' },
    value: { ok: true },
  },
  {
    call: 'POST /workspaces/{workspace}/reset-rootfs/',
    status: 200,
    shape: { ok: 'bool', message: 'string' },
  },
  { call: 'POST /workspaces/999999/reset/', ...absent },
  { call: 'POST /workspaces/batch-delete/', as: 'other', body: { ids: ['{workspace}'] }, status: 204 },
  { call: 'POST /workspaces/batch-delete/', body: {}, status: 422, loc: ['body', 'ids'] },
  { call: 'DELETE /workspaces/{workspace}/', as: 'other', ...absent },
  { call: 'DELETE /workspaces/{workspace}/', status: 204 },
  { call: 'DELETE /workspaces/{workspace}/', ...absent },
  { call: 'GET /workspaces/?q=default', status: 200, keep: { default_workspace: 'items.0.id' } },
  {
    call: 'DELETE /workspaces/{default_workspace}/',
    status: 403,
    detail: 'Cannot delete the default workspace.',
  },
  { call: 'POST /workspaces/batch-delete/', body: { ids: ['{default_workspace}', 999_999] }, status: 204 },
  { call: 'GET /workspaces/{default_workspace}/', status: 200 },
];

const message = {
  route: { workflow_slug: 'orders', trigger_node_id: '{trigger}' },
  credential_id: 'bot',
  source: { protocol: 'telegram', chat_id: '4711', message_id: 'm1', from: { id: '815', username: 'linus' } },
  text: 'Hello',
  attachments: [{ filename: 'a.txt', mime_type: 'text/plain' }],
  timestamp: '2031-01-02T03:04:05Z',
};

/** §17: what the gateway delivers. */
export const inbound: readonly Row[] = [
  { call: 'POST /inbound', body: message, status: 401, detail: 'Invalid gateway token' },
  { call: 'POST /inbound', as: 'nobody', body: message, status: 401, detail: 'Invalid gateway token' },
  {
    call: 'POST /inbound',
    as: 'gateway',
    body: { ...message, route: {} },
    status: 422,
    detail: 'route must contain workflow_slug and trigger_node_id',
  },
  {
    call: 'POST /inbound',
    as: 'gateway',
    body: { ...message, route: { workflow_slug: 'absent', trigger_node_id: 'x' } },
    status: 404,
    detail: 'Workflow not found',
  },
  {
    call: 'POST /inbound',
    as: 'gateway',
    body: { ...message, route: { workflow_slug: 'orders', trigger_node_id: 'absent' } },
    status: 404,
    detail: 'Trigger node not found',
  },
  {
    call: 'POST /inbound',
    as: 'gateway',
    body: { ...message, text: undefined },
    status: 422,
    loc: ['body', 'text'],
  },
  {
    call: 'POST /inbound',
    as: 'gateway',
    body: message,
    status: 202,
    shape: { execution_id: 'string', status: 'string' },
    value: { status: 'pending' },
    keep: { delivered: 'execution_id' },
  },
  {
    call: 'POST /inbound/',
    as: 'gateway',
    body: message,
    status: 202,
    value: { execution_id: '{delivered}' },
  },
  {
    call: 'GET /executions/{delivered}/',
    status: 200,
    shape: {
      text: 'string',
      chat_id: 'string',
      message_id: 'string',
      credential_id: 'string',
      user_id: 'any',
      files: 'array',
    },
    at: 'trigger_payload',
  },
  {
    call: 'POST /inbound',
    as: 'gateway',
    body: { ...message, text: '/confirm_00000000' },
    status: 200,
    value: { status: 'not_found', task_id: '00000000' },
  },
  { call: 'PATCH /workflows/orders/', body: { is_active: false }, status: 200 },
  {
    call: 'POST /inbound',
    as: 'gateway',
    body: { ...message, source: { ...message.source, message_id: 'm2' } },
    status: 422,
    detail: 'Workflow is inactive',
  },
  { call: 'PATCH /workflows/orders/', body: { is_active: true }, status: 200 },
];
