import { valueAt } from '../graph/dotted-path.ts';
import { holds } from '../graph/operator.ts';
import type { BreakRule, Iterate } from '../node/executor.ts';
import type { Failure } from './fact.ts';
import type { PlannedNode } from './planned.ts';
import { type LoopProgress, type Scope, stepIn } from './state.ts';
import { openScope } from './token.ts';
import { dropScope, endStep, type Work } from './work.ts';

/** So many progress events a loop sends at most. */
const PROGRESS_EVENTS = 100;

/** A loop has its items: begins the first repetitions. */
export function beginLoop(work: Work, scope: Scope, node: PlannedNode, iterate: Iterate): void {
  const step = stepIn(scope, node);
  const total = iterate.items.length;
  step.state = 'waiting';
  const hasBody = node.opens !== null;
  step.loop = {
    iterate,
    next: hasBody ? 0 : total,
    running: 0,
    done: 0,
    results: hasBody ? [] : iterate.items.map(() => null),
    errors: [],
    isBroken: false,
  };
  goOn(work, scope, node, step.loop);
}

/** Begins as many repetitions as may run at once, or ends the loop. */
function goOn(work: Work, scope: Scope, node: PlannedNode, loop: LoopProgress): void {
  const { items, parallelism } = loop.iterate;
  while (node.opens && !loop.isBroken && loop.running < parallelism && loop.next < items.length) {
    const index = loop.next;
    loop.next += 1;
    loop.running += 1;
    const path = `${scope.path}/${node.id}:${index}`;
    openScope(work, { path, frame: node.opens, parent: scope, index, item: items[index] ?? null });
  }
  if (loop.running > 0) return;
  const step = stepIn(scope, node);
  const outputs = {
    results: loop.results,
    ...(loop.iterate.onItemError === 'collect' && { errors: loop.errors }),
  };
  step.state = 'success';
  step.outputs = outputs;
  scope.outputs[node.id] = outputs;
  work.effects.push({ kind: 'complete', node: node.id, scope: scope.path, attempt: step.attempt, outputs });
  endStep(work, scope, node);
}

/** A repetition is over: with what it returned, or with the error that ended it. */
export function endIteration(work: Work, iteration: Scope, error: Failure | null): void {
  const { frame, parent, index, item } = iteration;
  const node = frame.opener;
  const loop = node && parent?.steps[node.slot]?.loop;
  dropScope(work, iteration);
  if (!node || !parent || !loop) return;
  loop.results[index] = iteration.returned?.value ?? null;
  if (error) {
    loop.results[index] = loop.iterate.onItemError === 'collect' ? null : { ...error };
    loop.errors.push({ index, item, ...error });
  } else if (isEnough(loop.iterate.breakWhen, loop.results[index])) loop.isBroken = true;
  loop.running -= 1;
  loop.done += 1;
  tellProgress(work, parent, node, loop);
  goOn(work, parent, node, loop);
}

const isEnough = (rules: readonly BreakRule[], value: unknown): boolean =>
  rules.length > 0 && rules.every((rule) => holds(rule.operator, valueAt(value, rule.field), rule.value));

function tellProgress(work: Work, scope: Scope, node: PlannedNode, loop: LoopProgress): void {
  const { done } = loop;
  const total = loop.iterate.items.length;
  if (done < total && done % Math.ceil(total / PROGRESS_EVENTS) !== 0) return;
  const { attempt } = stepIn(scope, node);
  work.effects.push({ kind: 'progress', node: node.id, scope: scope.path, attempt, done, total });
}
