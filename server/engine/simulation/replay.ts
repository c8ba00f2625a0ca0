import type { RunPlan } from '#domain/run/planned.ts';
import { decide } from '#domain/run/reducer.ts';
import { ROOT_SCOPE, type RunState, type StepProgress, stepIn } from '#domain/run/state.ts';
import { stepKey } from '../step-key.ts';
import { factsOf } from '../stored-run.ts';
import { TRIGGER } from './random-graph.ts';
import { isLive, type RunRow, storedStep } from './table.ts';

/** What the recorded steps of a run say it has come to. */
export function replayed(row: RunRow, plan: RunPlan): RunState {
  const steps = [...row.steps.values()].map(storedStep);
  const started = { kind: 'started' as const, payload: JSON.parse(row.run.triggerJson) as unknown };
  return decide(plan, [started, ...factsOf(steps, TRIGGER)]).state;
}

/** Where the rows of a run and what follows from them differ; null when they agree. */
export function disagreement(row: RunRow, state: RunState): string | null {
  for (const scope of state.scopes.values()) {
    for (const node of scope.frame.nodes) {
      const step = stepIn(scope, node);
      const stored = row.steps.get(stepKey(node.id, scope.path, step.attempt))?.status ?? 'none';
      const fits = fitting(step);
      if (isLive(row) ? !fits.includes(stored) : !fits.includes(stored) && stored !== 'cancelled') {
        return `${node.id}${scope.path || ROOT_SCOPE} attempt ${step.attempt} is ${step.state}, its row says ${stored}`;
      }
    }
  }
  return null;
}

/** What the row of a step may say. */
function fitting(step: StepProgress): readonly string[] {
  switch (step.state) {
    case 'success':
    case 'failed':
    case 'skipped':
      return [step.state];
    case 'waiting':
      return [step.error && !step.suspension && !step.loop && !step.outputs ? 'failed' : 'waiting'];
    case 'cancelled':
      return ['cancelled', 'waiting', 'failed', 'none'];
    default:
      return ['none'];
  }
}

/** How a run that has ended and its steps differ. */
export function endDisagreement(row: RunRow, state: RunState): string | null {
  const { status } = row;
  if (status === state.status) return null;
  const code = row.errorJson === null ? '' : (JSON.parse(row.errorJson) as { code: string }).code;
  // These are decided from outside the graph.
  if (status === 'cancelled' && state.status === 'running' && row.cancelAt !== null) return null;
  if (status === 'failed' && state.status === 'running' && (code === 'timeout' || code === 'worker_lost')) {
    return null;
  }
  return `it is ${status} (${row.errorJson}), its steps say ${state.status}`;
}
