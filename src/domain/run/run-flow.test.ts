import { expect, it } from 'vitest';
import { type AnyExecutor, StepError } from '../node/executor.ts';
import { runFlow } from './run-flow.ts';
import { definitionOf, testGraph, testNode } from './test-graph.ts';

interface Input {
  readonly inputs: Record<string, unknown>;
  readonly attempt: number;
}

const QUICK = { maxAttempts: 1, initialMs: 1, factor: 1, maxMs: 1, jitter: 0, retryOn: [], noRetryOn: [] };

it('runs a graph in memory: branches, retries and waits, without waiting for real', async () => {
  const retry = { ...QUICK, maxAttempts: 3, initialMs: 60_000, factor: 2, maxMs: 600_000 };
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

it('says why it failed in words that can be stored anywhere', async () => {
  const graph = testGraph([testNode('a', 'n')], ['t -> a']);
  for (const thrown of [
    new StepError('refused', 'It said: a\0b\ud800', { permanent: true }),
    new Error('It said: a\0b\ud800'),
  ]) {
    const executors: Record<string, AnyExecutor> = { n: () => Promise.reject(thrown) };
    const { error } = await runFlow({ graph, payload: {}, definitionOf, executors });
    expect(error?.message).toBe('It said: ab\ufffd');
  }
});

it('stops what a failed attempt has left behind, before another one begins', async () => {
  const retry = { ...QUICK, maxAttempts: 2 };
  const graph = testGraph([testNode('a', 'n', { retry })], ['t -> a']);
  const seen: string[] = [];
  const executors: Record<string, AnyExecutor> = {
    n: async ({ attempt, signal }: Input & { signal: AbortSignal }) => {
      seen.push(`begins ${attempt}`);
      signal.addEventListener('abort', () => seen.push(`stops ${attempt}`));
      await Promise.resolve();
      if (attempt === 1) throw new StepError('busy', 'not yet');
      return { kind: 'done', outputs: { out: 1 } };
    },
  } as Record<string, AnyExecutor>;
  await runFlow({ graph, payload: {}, definitionOf, executors });
  expect(seen).toEqual(['begins 1', 'stops 1', 'begins 2']);
});
