import { failureOf } from '#domain/run/execute-step.ts';
import type { Effect } from '#domain/run/fact.ts';
import type { RunPlan } from '#domain/run/planned.ts';
import { outputOf } from '#domain/run/result.ts';
import type { RunState } from '#domain/run/state.ts';
import { type Activity, type ActivityOf, mayAct, NO_ACTIVITY } from './activity.ts';
import type { Clock } from './clock.ts';
import type { RunResult, SaidSoFar } from './interface.ts';
import { jsonText, outputText } from './json-text.ts';
import { preview } from './preview.ts';
import { runEnd } from './run-end.ts';
import type { RunWriter } from './run-writer.ts';
import { stepKey } from './step-key.ts';
import { endData, type RunningStep, type StepRecorder } from './step-recorder.ts';
import type { RunHead } from './stored-run.ts';

/** Of nodes that talk or remember. */
const REMEMBERED: ReadonlySet<string> = new Set(['ai', 'memory']);

type Finish = Extract<Effect, { kind: 'finish' }>;

interface EndingRun {
  readonly plan: RunPlan;
  readonly head: RunHead;
  readonly state: RunState;
  readonly writer: RunWriter;
  readonly recorder: StepRecorder;
  readonly running: ReadonlyMap<string, RunningStep>;
  readonly clock: Clock;
  /** It may have started runs that nobody waits for now. */
  readonly stopChildren: boolean;
  readonly context: {
    readonly activityOf?: ActivityOf | undefined;
    readonly saidSoFar?: SaidSoFar | undefined;
  };
}

/**
 * Records how a run ended: its open steps as cancelled, its last event, its row.
 * @returns its result, once that is durable. Rejects with LostRun.
 */
export async function writeEnd(run: EndingRun, finish: Finish): Promise<RunResult> {
  const { plan, head, state, writer, clock } = run;
  cancelOpenSteps(run);
  let { status, error } = finish;
  let output: unknown =
    status === 'completed' ? outputOf(plan, state) : status === 'cancelled' ? saidBy(run) : null;
  let outputJson: string | null = null;
  try {
    outputJson = output === null ? null : outputText(output);
  } catch (reason) {
    const { message, code } = failureOf(reason);
    error = { message, code, node: null };
    status = 'failed';
    output = null;
  }
  // Most runs ask no model and start nothing: their end costs no question.
  const activity = status !== 'cancelled' && mayAct(plan) ? await activityOf(run) : NO_ACTIVITY;
  const now = clock.now();
  const durationMs = now - head.createdAt;
  const shown = preview(output).value;
  const data = endData({
    executionId: head.id,
    status,
    error,
    output: shown,
    steps: state.finished,
    durationMs,
    activity,
  });
  writer.event(`execution_${status}`, now, data);
  const errorJson = error && jsonText(error);
  const isRemembered = plan.nodes.some(({ definition }) => REMEMBERED.has(definition.category));
  const end = runEnd(head, { status, outputJson, errorJson, stopChildren: run.stopChildren, isRemembered });
  await writer.set({
    status,
    outputJson,
    errorJson,
    finishedAt: now,
    release: true,
    jobAt: null,
    interrupted: false,
    end,
  });
  return { executionId: head.id, status, output, reply: state.reply, error };
}

/** What somebody who stopped the run has seen of its answer; null: nothing yet. */
function saidBy({ head, context }: EndingRun): { readonly output: string } | null {
  const output = context.saidSoFar?.({ executionId: head.id, rootId: head.rootId }) ?? '';
  return output === '' ? null : { output };
}

/** The figures are for those who watch; the rows they come from stay. A run does not fail for want of them. */
async function activityOf({ head, context }: EndingRun): Promise<Activity> {
  try {
    return (await context.activityOf?.(head.id)) ?? NO_ACTIVITY;
  } catch {
    return NO_ACTIVITY;
  }
}

function cancelOpenSteps({ state, recorder, running }: EndingRun): void {
  for (const scope of state.scopes.values()) {
    for (const node of scope.frame.nodes) {
      const progress = scope.steps[node.slot];
      if (progress?.state !== 'cancelled') continue;
      const ref = { node: node.id, scope: scope.path, attempt: progress.attempt };
      const step = running.get(stepKey(ref.node, ref.scope, ref.attempt));
      // Between two attempts there is nothing to cancel: the failed one has its row already.
      if (step || progress.error === null) recorder.cancelled(node, ref, step);
    }
  }
}
