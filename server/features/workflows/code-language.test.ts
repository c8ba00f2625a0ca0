import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { startTestServer, type TestServer, until } from '#server/http/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test('code without a language is Python, and both languages hand on what they return', async () => {
  const bob = await server.addUser('bob');
  await bob.ok('workflows.create', { name: 'Code', slug: 'code' });
  const node = (id: string, type: string, config = {}) => ({
    kind: 'add_node',
    node: { id, type, label: null, x: 0, y: 0, config, settings: DEFAULT_SETTINGS },
  });
  const edge = (id: number, source: string, sourcePort: string, target: string) => ({
    kind: 'add_edge',
    edge: { id, source, sourcePort, target, targetPort: 'input', priority: 0 },
  });
  const commands = [
    node('start', 'trigger_manual'),
    node('py', 'code', {
      code: 'print("seen", state["trigger"]["text"])\nreturn {"n": len(trigger["text"])}',
    }),
    node('js', 'code', { code: 'return input.n + nodes.py.output.n;', language: 'javascript' }),
    edge(1, 'start', 'payload', 'py'),
    edge(2, 'py', 'output', 'js'),
  ];
  const saved = await bob.call('workflows.changeGraph', {
    workflow_slug: 'code',
    base_revision: 0,
    commands,
  });
  expect(saved.status).toBe(200);
  const started = await bob.ok<{ execution_id: string }>('workflows.execute', {
    workflow_slug: 'code',
    text: 'four',
  });
  const ended = await until(async () => {
    const run = await bob.ok<{ status: string }>('executions.get', started as never);
    return ['completed', 'failed'].includes(run.status) ? run : null;
  }, 30_000);
  expect(ended).toMatchObject({ status: 'completed' });
  expect(JSON.stringify(ended)).toContain('"output":8');
  expect(JSON.stringify(ended)).toContain('seen four');
});
