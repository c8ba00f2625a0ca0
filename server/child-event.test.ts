import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AiStage, startAiStage } from './ai-stage-fixture.ts';
import { until } from './http/test-server.ts';
import { TestClient } from './socket/test-client.ts';

let stage: AiStage;
beforeAll(async () => {
  stage = await startAiStage();
  await stage.draw(
    'inner',
    { called: ['trigger_workflow'], work: ['set', { mode: 'text', text: 'inner' }] },
    ['called.payload > work.input'],
  );
  const calling = (slug: string, target_workflow: string, trigger: string) =>
    stage.draw(slug, { start: [trigger], call: ['workflow', { target_workflow }] }, [
      'start.payload > call.payload',
    ]);
  await calling('middle', 'inner', 'trigger_workflow');
  await calling('outer', 'middle', 'trigger_manual');
});
afterAll(() => stage.close());

it('who watches a run sees the steps of the runs it waits for, however deep', async () => {
  const client = await TestClient.open(stage.server.running.port, stage.ada.key ?? '');
  await client.subscribe('workflow:outer');
  const run = await stage.run('outer');
  expect(run.status).toBe('completed');
  const children = () => client.messages.filter(({ type }) => type === 'child_node_status');
  const work = await until(async () =>
    children().find(({ data }) => {
      const { node_id, status } = data as Record<string, unknown>;
      return node_id === 'work' && status === 'success';
    }),
  );
  expect(work).toMatchObject({ channel: 'workflow:outer', execution_id: run.execution_id });
  expect(work['data']).toMatchObject({
    component_type: 'set',
    output: { output: 'inner' },
    parent_node_id: 'call',
    is_child_event: true,
  });
  const ids = new Set(children().map(({ data }) => (data as Record<string, unknown>)['child_execution_id']));
  expect(ids.size).toBe(2);
  expect(ids).not.toContain(run.execution_id);
  const end = (await stage.events(run.execution_id)).at(-1);
  expect(end?.data['activity_summary']).toMatchObject({ child_count: 2, llm_calls: 0, total_tokens: 0 });
  client.socket.close();
});
