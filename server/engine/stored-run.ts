import type { Iterate, Reply } from '#domain/node/executor.ts';
import type { RunRoot } from '#domain/run/event.ts';
import type { Fact, Failure, Outputs, Suspension } from '#domain/run/fact.ts';
import type { RunOptions } from '#domain/run/option.ts';
import type { ParentStep } from './interface.ts';

/** A run as its claim found it. Times are milliseconds since the epoch. */
export interface RunHead {
  readonly id: string;
  readonly environmentId: number;
  readonly workflowId: number;
  readonly versionId: number;
  readonly triggerNode: string;
  readonly triggerKind: string;
  readonly trigger: unknown;
  readonly options: RunOptions;
  readonly rootId: string;
  readonly depth: number;
  readonly parent: Omit<ParentStep, 'rootId' | 'depth'> | null;
  /** Absent for a run nobody waits for. */
  readonly root?: RunRoot;
  /** It holds slots of its workflow or environment while it is driven. */
  readonly hasSlot: boolean;
  /** Of its jobs in the queue; higher goes first. */
  readonly priority: number;
  readonly token: number;
  readonly nextSeq: number;
  readonly losses: number;
  readonly createdAt: number;
  readonly deadlineAt: number | null;
  readonly cancelRequested: boolean;
  readonly reply: Reply | null;
}

/** Why a step was suspended, as its row keeps it. */
export type StoredSuspension =
  | { readonly kind: 'iterate'; readonly iterate: Iterate }
  | { readonly kind: 'suspend'; readonly suspension: Suspension; readonly shown: unknown };

/** A recorded step, in the order of recording. */
export interface StoredStep {
  readonly node: string;
  readonly scope: string;
  readonly attempt: number;
  readonly n: number;
  /** Order of recording of its end, where that is not the one of its suspension. */
  readonly endN: number | null;
  readonly status: 'success' | 'failed' | 'skipped' | 'waiting' | 'cancelled';
  readonly resumeAt: number | null;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly suspension: StoredSuspension | null;
  readonly output: unknown;
  readonly error: unknown;
}

interface Placed {
  readonly at: number;
  readonly facts: readonly Fact[];
}

/** What the recorded steps say happened after the start. Skipped, cancelled and reused steps follow from the others. */
export function factsOf(steps: readonly StoredStep[], triggerNode: string | null): Fact[] {
  const placed: Placed[] = [];
  for (const step of steps) {
    if (step.node === triggerNode) continue;
    const { node, scope, attempt, suspension } = step;
    const ref = { node, scope, attempt };
    if (attempt > 1)
      placed.push({ at: step.n - 0.5, facts: [{ kind: 'retry_due', ...ref, attempt: attempt - 1 }] });
    if (suspension?.kind === 'iterate') {
      placed.push({ at: step.n, facts: [{ kind: 'iterating', ...ref, iterate: suspension.iterate }] });
    } else
      placed.push({ at: step.status === 'waiting' ? step.n : (step.endN ?? step.n), facts: factOf(step) });
  }
  return placed.sort((a, b) => a.at - b.at).flatMap(({ facts }) => facts);
}

function factOf(step: StoredStep): Fact[] {
  const { node, scope, attempt, status, suspension, resumeAt } = step;
  const ref = { node, scope, attempt };
  const outputs = step.output as Outputs;
  if (status === 'success') return [{ kind: 'done', ...ref, outputs }];
  if (status === 'failed')
    return [{ kind: 'failed', ...ref, error: step.error as Failure, retryAt: resumeAt }];
  if (status !== 'waiting') return [];
  if (suspension?.kind === 'suspend')
    return [{ kind: 'suspended', ...ref, suspension: suspension.suspension }];
  return [{ kind: 'waiting', ...ref, until: resumeAt ?? 0, outputs }];
}

/** Milliseconds the run has spent in waits and suspensions. Overlaps count once. */
export function waitedMs(steps: readonly StoredStep[], now: number): number {
  const spans = steps
    .filter((step) => step.status === 'waiting' || step.status === 'success')
    .filter((step) => step.resumeAt !== null || step.suspension?.kind === 'suspend')
    .map((step) => ({ from: step.startedAt, to: Math.min(step.finishedAt ?? step.resumeAt ?? now, now) }))
    .sort((a, b) => a.from - b.from);
  let total = 0;
  let end = 0;
  for (const { from, to } of spans) {
    total += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return total;
}
