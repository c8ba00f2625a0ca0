import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';

let plain: TestServer;
let enabled: TestServer;
beforeAll(async () => {
  [plain, enabled] = await Promise.all([
    startTestServer(),
    startTestServer({ PIPEWRIGHT_ENABLE: 'run_command,no_such_type' }),
  ]);
});
afterAll(() => Promise.all([plain.close(), enabled.close()]));

const nodeOf = (id: string, type: string, config = {}) => ({
  kind: 'add_node',
  node: { id, type, label: null, x: 0, y: 0, config, settings: DEFAULT_SETTINGS },
});

async function workflowOf(server: TestServer): Promise<{ bob: Caller; slug: string }> {
  const bob = await server.addUser('bob');
  await bob.ok('workflows.create', { name: 'Host', slug: 'host' });
  return { bob, slug: 'host' };
}

test('a type that touches the host does not exist unless the operator named it', async () => {
  const { bob, slug } = await workflowOf(plain);
  expect(await bob.ok('workflows.hostTypes')).toEqual([]);
  expect(Object.keys(await bob.ok('workflows.nodeTypes'))).not.toContain('run_command');
  const commands = [nodeOf('run', 'run_command', { program: 'echo' })];
  const saved = await bob.call('workflows.changeGraph', { workflow_slug: slug, base_revision: 0, commands });
  expect(saved.status).toBe(422);
  expect(JSON.stringify(saved.body)).toContain("there is no node type 'run_command'");
  const made = await bob.call('nodes.create', { workflow_slug: slug, component_type: 'run_command' });
  expect(made.status).toBe(422);
});

test('named, it is listed, saved and run', async () => {
  const { bob, slug } = await workflowOf(enabled);
  expect(await bob.ok('workflows.hostTypes')).toEqual(['run_command']);
  expect(Object.keys(await bob.ok('workflows.nodeTypes'))).toContain('run_command');
  const args = ['{{ trigger.text }}'];
  const commands = [
    nodeOf('start', 'trigger_manual'),
    nodeOf('run', 'run_command', { program: 'echo', args }),
    {
      kind: 'add_edge',
      edge: {
        id: 1,
        source: 'start',
        sourcePort: 'payload',
        target: 'run',
        targetPort: 'input',
        priority: 0,
      },
    },
  ];
  const saved = await bob.call('workflows.changeGraph', { workflow_slug: slug, base_revision: 0, commands });
  expect(saved.status).toBe(200);
  const started = await bob.ok<{ execution_id: string }>('workflows.execute', {
    workflow_slug: slug,
    text: '$(id); `id` | cat',
  });
  const ended = await until(async () => {
    const run = await bob.ok<{ status: string; final_output: unknown }>('executions.get', started as never);
    return ['completed', 'failed'].includes(run.status) ? run : null;
  });
  expect(ended.status).toBe('completed');
  expect(JSON.stringify(ended.final_output)).toContain('$(id); `id` | cat\\n');
});
