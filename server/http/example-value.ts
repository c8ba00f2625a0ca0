/** What examples write for fields of these names, everywhere in the API. */
export const EXAMPLE_FIELDS: Readonly<Record<string, unknown>> = {
  id: 7,
  username: 'grace',
  password: 'correct horse 17',
  first_name: 'Grace',
  last_name: 'Hopper',
  name: 'Weekly report',
  title: 'Weekly report',
  slug: 'weekly-report',
  description: 'Sends what happened in the week.',
  workflow_slug: 'order-triage',
  workflow_name: 'Order triage',
  workflow_id: 1,
  interval_seconds: 3600,
  text: 'Hello',
  code: '123456',
  purpose: 'Nightly import',
  tags: ['sales'],
  key: 'Zk3xT0bq',
  prefix: 'Zk3xT0bq',
  email: 'grace@example.com',
  timestamp: '2031-01-02T03:04:05.000Z',
  created_at: '2031-01-02T03:04:05.000Z',
  updated_at: '2031-01-02T03:04:05.000Z',
  started_at: '2031-01-02T03:04:05.000Z',
  execution_id: '019b7a3e-5c10-7d4e-8f00-2f6b1c9d0a11',
  epic_id: 'ep-3f9a1c7b2d40',
  task_id: 'tk-8c2e5d1f0b36',
  node_id: 'assess',
  component_type: 'code',
  total: 1,
  msg: 'Field required',
};

/** Path parameters that mean something on every new installation: those of the workflow it starts with. */
export const EXAMPLE_PATH: Readonly<Record<string, string>> = {
  workflow_slug: 'order-triage',
  node: 'assess',
  edge_id: '1',
  n: '1',
};

/** That workflow’s webhook trigger. */
export const EXAMPLE_WEBHOOK = 'order_in';

/** Bodies that tell more than one plain value for each required field. */
export const EXAMPLE_BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'auth.token': { username: 'ada', password: 'lovelace' },
  'auth.openSession': { username: 'ada', password: 'lovelace' },
  'auth.setup': { username: 'ada', password: 'lovelace' },
  'users.updateMe': { first_name: 'Grace' },
  'users.update': { role: 'admin' },
  'users.createKey': { name: 'Nightly import' },
  'users.createUserKey': { name: 'Nightly import' },
  'workflows.update': { description: 'Sends what happened in the week.' },
  'workflows.propose': {
    prompt: 'Answer chats with an agent that can do sums.',
    nodes: [],
    edges: [],
    llm_credential_id: 1,
    model_name: 'gpt-5-mini',
    proposal_id: '019b7a3e-5c10-7d4e-8f00-2f6b1c9d0a12',
  },
  'workflows.validateDsl': {
    yaml_str: 'name: Report\ntrigger: manual\nsteps:\n  - type: code\n    code: return 1\n',
  },
  'workflows.fromDsl': {
    yaml_str: 'name: Report\ntrigger: manual\nsteps:\n  - type: code\n    code: return 1\n',
  },
  'workflows.importText': {
    text: 'format: pipewright/workflow\nversion: 1\nworkflow:\n  name: Weekly report\nnodes: []\nedges: []\n',
  },
  'workflows.batchDelete': { slugs: ['weekly-report'] },
  'workflows.execute': { trigger_node_id: 'start', text: 'Hello' },
  'workflows.changeGraph': {
    base_revision: 1,
    commands: [{ kind: 'move_node', id: 'assess', x: 320, y: 120 }],
  },
  'workflows.import': {
    document: {
      format: 'pipewright/workflow',
      version: 1,
      workflow: { name: 'Weekly report', description: '' },
      nodes: [],
      edges: [],
    },
  },
  'nodes.create': { component_type: 'wait', position_x: 250, position_y: 150 },
  'nodes.update': { label: 'Total and risk' },
  'edges.create': { source_node_id: 'start', target_node_id: 'assess' },
  'edges.update': { priority: 1 },
  'executions.batchDelete': { execution_ids: ['019b7a3e-5c10-7d4e-8f00-2f6b1c9d0a11'] },
  'approvals.resume': { confirmed: true, response: 'Looks right.' },
  'schedules.create': { name: 'Hourly', workflow_id: 1, interval_seconds: 3600 },
  'schedules.update': { interval_seconds: 7200 },
  'credentials.create': {
    name: 'Model provider',
    credential_type: 'llm',
    detail: { provider_type: 'openai', api_key: 'sk-…' },
  },
  'credentials.update': { name: 'Model provider' },
  'epics.update': { status: 'active' },
  'tasks.update': { status: 'completed', result_summary: 'Sent.' },
  'tasks.setDependencies': { depends_on: ['tk-8c2e5d1f0b36'] },
  'sandboxes.create': { name: 'reports' },
  'sandboxes.update': { env_vars: [{ key: 'REPORT_LANGUAGE', value: 'en' }] },
  'settings.update': { log_level: 'DEBUG' },
  'memories.deleteCheckpoints': { thread_ids: ['1:1'] },
  'chat.send': { text: 'How many orders came in today?' },
  'auth.mfaDisable': { code: '123456' },
  'inbound.receive': {
    route: { workflow_slug: 'order-triage', trigger_node_id: 'start' },
    credential_id: 'my-bot',
    source: {
      protocol: 'telegram',
      chat_id: '4711',
      message_id: '1',
      from: { id: '815', username: 'grace' },
    },
    text: 'Hello',
    timestamp: '2031-01-02T03:04:05Z',
  },
};
