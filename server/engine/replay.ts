import type { Effect } from '#domain/run/fact.ts';
import type { RunPlan } from '#domain/run/planned.ts';
import { advance } from '#domain/run/reducer.ts';
import { findStep, type RunState } from '#domain/run/state.ts';
import { stepKey } from './step-key.ts';
import { factsOf, type StoredStep } from './stored-run.ts';

interface Replay {
  readonly plan: RunPlan;
  /** Empty; brought to where the recorded steps end. */
  readonly state: RunState;
  readonly trigger: unknown;
  readonly steps: readonly StoredStep[];
}

/** Takes a run's recorded steps into its state. @returns the effects that are still to be carried out. */
export function replay({ plan, state, trigger, steps }: Replay): Effect[] {
  const effects = [...advance(plan, state, { kind: 'started', payload: trigger })];
  const triggerNode = plan.entry === 'trigger' ? plan.trigger.id : null;
  for (const fact of factsOf(steps, triggerNode)) effects.push(...advance(plan, state, fact));
  const recorded = new Map(
    steps.map((step) => [stepKey(step.node, step.scope, step.attempt), step.status === 'waiting'] as const),
  );
  return effects.filter((effect) => isOpen({ plan, state, recorded }, effect));
}

interface Past {
  readonly plan: RunPlan;
  readonly state: RunState;
  /** The recorded steps, and whether they wait. */
  readonly recorded: ReadonlyMap<string, boolean>;
}

function isOpen({ plan, state, recorded }: Past, effect: Effect): boolean {
  if (effect.kind === 'finish') return true;
  if (effect.kind === 'progress') return false;
  const { node, scope, attempt } = effect;
  if (effect.kind === 'skip' || effect.kind === 'reuse') return !recorded.has(stepKey(node, scope, attempt));
  // What a loop came to overwrites its suspension; a stopped step may have got no record at all.
  if (effect.kind === 'complete' || effect.kind === 'fail' || effect.kind === 'cancel') {
    return recorded.get(stepKey(node, scope, attempt)) ?? true;
  }
  const planned = plan.byId.get(node);
  const step = planned && findStep(state, planned, scope);
  return step?.attempt === attempt && step.state === (effect.kind === 'run' ? 'running' : 'waiting');
}
