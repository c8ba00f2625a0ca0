import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';

let server: TestServer;
let bob: Caller;
beforeAll(async () => {
  server = await startTestServer();
  bob = await server.addUser('bob');
});
afterAll(() => server.close());

const OVER = ['completed', 'failed', 'cancelled'];
const RUNS = 10;
/** For a machine that has much else to do: each run starts an interpreter. */
const PATIENCE_MS = 150_000;

test(
  'Python in a flow from steps completes every time: first thing after the start, at once and in turn',
  async () => {
    const { slug } = await bob.ok<{ slug: string }>('workflows.fromDsl', {
      yaml_str: `
name: Count
trigger: manual
steps:
  - type: code
    id: count
    language: python
    code: |
      n = len(trigger["text"])
      return {"n": n, "twice": n * 2}
  - {type: transform, id: say, template: "{{ nodes.count.output.twice }}"}`,
    });
    const run = async (text: string) => {
      const { execution_id } = await bob.ok<{ execution_id: string }>('workflows.execute', {
        workflow_slug: slug,
        text,
      });
      return until(async () => {
        const found = await bob.ok<{ status: string; error_message: string; final_output: unknown }>(
          'executions.get',
          { execution_id },
        );
        return OVER.includes(found.status) && found;
      }, PATIENCE_MS);
    };
    const texts = Array.from({ length: RUNS }, (_, at) => 'x'.repeat(at + 1));
    const expected = texts.map(({ length }) => ({
      status: 'completed',
      final_output: { node_outputs: { say: { output: String(length * 2) } } },
    }));
    expect(await Promise.all(texts.map(run))).toMatchObject(expected);
    for (const at of [0, 1, 2]) expect(await run(texts[at] ?? '')).toMatchObject(expected[at] ?? {});
  },
  PATIENCE_MS,
);
