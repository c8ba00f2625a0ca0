import type { StepEnd } from './execute-step.ts';
import type { Fact, StepRef } from './fact.ts';
import type { PlannedNode } from './planned.ts';
import { retryTime } from './retry.ts';

interface EndedStep {
  readonly ref: StepRef;
  readonly node: PlannedNode;
  readonly end: StepEnd;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** In [0, 1), for the jitter of a retry. */
  readonly random: number;
}

/** The fact that an ended attempt amounts to. */
export function stepFact({ ref, node, end, now, random }: EndedStep): Fact {
  const { node: id, scope, attempt } = ref;
  const place = { node: id, scope, attempt };
  switch (end.kind) {
    case 'done':
      return { ...end, ...place };
    case 'wait':
      return { kind: 'waiting', ...place, until: end.until, outputs: end.outputs };
    case 'suspend': {
      const { sources, until, human = false, kept = null } = end;
      return { kind: 'suspended', ...place, suspension: { sources, until, human, kept } };
    }
    case 'iterate':
      return { kind: 'iterating', ...place, iterate: end };
    case 'failed': {
      const { message, code, permanent } = end;
      const retryAt = retryTime({ policy: node.retry, attempt, code, permanent, now, random });
      return { kind: 'failed', ...place, error: { message, code, node: id }, retryAt };
    }
  }
}
