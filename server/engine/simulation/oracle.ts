import type { StepEnd } from '#domain/run/execute-step.ts';
import type { Effect, Fact, StepRef } from '#domain/run/fact.ts';
import type { RunPlan } from '#domain/run/planned.ts';
import { advance } from '#domain/run/reducer.ts';
import { outputOf } from '#domain/run/result.ts';
import { emptyState } from '#domain/run/state.ts';
import { stepFact } from '#domain/run/step-fact.ts';
import { behave, mark, type SimConfig } from './node-type.ts';

export interface Expected {
  readonly status: string;
  readonly output: string;
}

/** What a run comes to when nothing ever goes wrong around it, worked out at once and in memory. */
export function expected(plan: RunPlan, childStatus: string | null): Expected {
  const state = emptyState(plan);
  const facts: Fact[] = [{ kind: 'started', payload: {} }];
  for (let fact = facts.shift(); fact; fact = facts.shift()) {
    for (const effect of advance(plan, state, fact)) {
      const next = answer(plan, effect, childStatus);
      if (next) facts.push(next);
    }
  }
  return { status: state.status, output: plainText(JSON.stringify(outputOf(plan, state))) };
}

/** Texts of errors name the node that was first; which one that is, chance decides. */
export const plainText = (json: string): string => json.replaceAll(/"node":"[^"]*"/g, '"node":""');

function answer(plan: RunPlan, effect: Effect, childStatus: string | null): Fact | null {
  switch (effect.kind) {
    case 'run':
      return ended(plan, effect);
    case 'wait':
      return { kind: 'resumed', ...refOf(effect) };
    case 'retry':
      return { kind: 'retry_due', ...refOf(effect) };
    case 'suspend': {
      const { config, type } = plan.byId.get(effect.node)?.node ?? {};
      const timedOut = (config as SimConfig).expires === true;
      const signals = type === 'child' ? { child: { status: childStatus } } : {};
      const resumed = { timedOut, signals, kept: mark(effect.node, effect.scope) };
      return { kind: 'signalled', ...refOf(effect), resumed };
    }
    default:
      return null;
  }
}

function ended(plan: RunPlan, effect: Extract<Effect, { kind: 'run' }>): Fact | null {
  const node = plan.byId.get(effect.node);
  if (!node) return null;
  const { type, config } = node.node;
  const late: StepEnd = { kind: 'failed', message: 'late', code: 'timeout', permanent: false };
  const end =
    type === 'hang' ? late : behave({ ...refOf(effect), type, config, resumed: effect.resumed, now: 0 });
  return stepFact({ ref: effect, node, end, now: 0, random: 0.5 });
}

const refOf = ({ node, scope, attempt }: StepRef): StepRef => ({ node, scope, attempt });
