import { test } from 'vitest';
import { startTestServer, until } from '#server/http/test-server.ts';
test('python', async () => {
  const server = await startTestServer();
  const bob = await server.addUser('bob');
  const { slug } = await bob.ok<{ slug: string }>('workflows.fromDsl', {
    yaml_str: `name: P
trigger: manual
steps:
  - {type: transform, id: hello, template: "Hello {{ trigger.text }}"}
  - {type: code, id: shout, code: "return input.upper() + '!'"}
`,
  });
  const { execution_id } = await bob.ok<{ execution_id: string }>('workflows.execute', {
    workflow_slug: slug,
    text: 'x',
  });
  const run = await until(async () => {
    const one = await bob.ok<{ status: string }>('executions.get', { execution_id });
    return ['completed', 'failed'].includes(one.status) && one;
  }, 60_000).catch((e) => e);
  console.log(JSON.stringify(run).slice(0, 1500));
  await server.close();
}, 100_000);
