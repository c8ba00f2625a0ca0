import { expect, it } from 'vitest';
import { type AnyExecutor, StepError } from '../node/executor.ts';
import { runFlow } from './run-flow.ts';
import { definitionOf, testGraph, testNode } from './test-graph.ts';

interface Input {
  readonly inputs: Record<string, unknown>;
  readonly attempt: number;
}

it('runs a graph in memory: branches, retries and waits, without waiting for real', async () => {
  const retry = {
    maxAttempts: 3,
    initialMs: 60_000,
    factor: 2,
    maxMs: 600_000,
    jitter: 0,
    retryOn: [],
    noRetryOn: [],
  };
  const graph = testGraph(
    [testNode('a', 's', { retry }), testNode('b', 'n'), testNode('c', 'n')],
    ['t -> a', 'a.p -> b', 'a.q -> c'],
  );
  const executors: Record<string, AnyExecutor> = {
    s: ({ attempt }: Input) => {
      if (attempt < 3) throw new StepError('busy', 'not yet');
      return { kind: 'done', outputs: { p: 'chosen' } };
    },
    n: ({ inputs }: Input, { now, log }: { now: () => number; log: (line: string) => void }) => {
      log(`got ${String(inputs.in)}`);
      return { kind: 'wait', until: now() + 86_400_000, outputs: { out: inputs.in } };
    },
  } as Record<string, AnyExecutor>;
  const begun = Date.now();
  const result = await runFlow({ graph, payload: {}, definitionOf, executors });
  expect(Date.now() - begun).toBeLessThan(2000);
  expect(result).toMatchObject({
    status: 'completed',
    output: { node_outputs: { b: { out: 'chosen' } } },
    steps: { a: { state: 'success', attempts: 3 }, c: { state: 'skipped' } },
    taken: [1, 2],
    skipped: [3],
    logs: ['got chosen'],
  });
});

it('ends with the failure of a step', async () => {
  const graph = testGraph([testNode('a', 'n')], ['t -> a']);
  const executors: Record<string, AnyExecutor> = {
    n: () => {
      throw new StepError('refused', 'No.', { permanent: true });
    },
  };
  const result = await runFlow({ graph, payload: {}, definitionOf, executors });
  expect(result).toMatchObject({ status: 'failed', error: { code: 'refused', message: 'No.', node: 'a' } });
});
