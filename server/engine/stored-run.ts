import type { Reply } from '#domain/node/executor.ts';
import type { Fact, Failure, Outputs } from '#domain/run/fact.ts';

/** A run as its claim found it. Times are milliseconds since the epoch. */
export interface RunHead {
  readonly id: string;
  readonly environmentId: number;
  readonly workflowId: number;
  readonly versionId: number;
  readonly triggerNode: string;
  readonly trigger: unknown;
  readonly token: number;
  readonly nextSeq: number;
  readonly losses: number;
  readonly createdAt: number;
  readonly deadlineAt: number | null;
  readonly cancelRequested: boolean;
  readonly reply: Reply | null;
}

/** A recorded step, in the order of recording. */
export interface StoredStep {
  readonly node: string;
  readonly scope: string;
  readonly attempt: number;
  readonly n: number;
  readonly status: 'success' | 'failed' | 'skipped' | 'waiting' | 'cancelled';
  readonly resumeAt: number | null;
  readonly startedAt: number;
  readonly output: unknown;
  readonly error: unknown;
}

/** What the recorded steps say happened after the start. Skipped steps follow from the others. */
export function factsOf(steps: readonly StoredStep[], triggerNode: string): Fact[] {
  const facts: Fact[] = [];
  for (const step of steps) {
    if (step.node === triggerNode) continue;
    const { node, scope, attempt } = step;
    if (attempt > 1) facts.push({ kind: 'retry_due', node, scope, attempt: attempt - 1 });
    if (step.status === 'success')
      facts.push({ kind: 'done', node, scope, attempt, outputs: step.output as Outputs });
    else if (step.status === 'waiting') {
      facts.push({
        kind: 'waiting',
        node,
        scope,
        attempt,
        until: step.resumeAt ?? 0,
        outputs: step.output as Outputs,
      });
    } else if (step.status === 'failed') {
      facts.push({
        kind: 'failed',
        node,
        scope,
        attempt,
        error: step.error as Failure,
        retryAt: step.resumeAt,
      });
    }
  }
  return facts;
}

/** Milliseconds the run has spent in waits: they do not count against its deadline. Overlaps count once. */
export function waitedMs(steps: readonly StoredStep[], now: number): number {
  const spans = steps
    .filter((step) => step.resumeAt !== null && (step.status === 'waiting' || step.status === 'success'))
    .map((step) => ({ from: step.startedAt, to: Math.min(step.resumeAt ?? 0, now) }))
    .sort((a, b) => a.from - b.from);
  let total = 0;
  let end = 0;
  for (const { from, to } of spans) {
    total += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return total;
}
