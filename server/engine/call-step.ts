import {
  executeStep,
  failureOf,
  idempotencyKey,
  type RenderConfig,
  type StepEnd,
} from '#domain/run/execute-step.ts';
import type { RunState } from '#domain/run/state.ts';
import { loopSeenFrom, outputsSeenFrom } from '#domain/run/view.ts';
import type { ActivityOf } from './activity.ts';
import type { Clock } from './clock.ts';
import type { CapabilitiesOf, CleanerOf, SaidSoFar, StepPlace, UsageOf } from './interface.ts';
import type { Journal } from './journal.ts';
import type { EngineMeter } from './meter.ts';
import type { StepSpending } from './run-event.ts';
import { CallLog, type CallStore } from './step-calls.ts';
import { stepCapabilities } from './step-capabilities.ts';
import type { RunningStep, StepRecorder } from './step-recorder.ts';
import type { RunHead } from './stored-run.ts';
import type { StoredSignal } from './suspended-step.ts';
import type { ToolTypes } from './tool-call.ts';

/** What every drive of a process shares. */
export interface DriveContext {
  readonly journal: Journal;
  readonly tools: ToolTypes;
  readonly calls: CallStore;
  readonly usageOf: UsageOf | undefined;
  readonly activityOf: ActivityOf | undefined;
  readonly saidSoFar?: SaidSoFar | undefined;
  readonly capabilities: CapabilitiesOf;
  readonly render: RenderConfig;
  readonly clock: Clock;
  readonly signals: SignalSource;
  readonly lease: Lease;
  readonly meter: EngineMeter;
  readonly cleanerOf: CleanerOf;
}

/** Whether this process can still be sure of the runs it drives. */
export interface Lease {
  /** Nobody can have taken it for dead. */
  readonly isCertain: boolean;
  /** Resolves once that is so again; runs that were lost meanwhile have been dropped by then. */
  ascertain(): Promise<void>;
}

/** Where what suspended steps have been told is read. */
export interface SignalSource {
  read(executionId: string): Promise<readonly StoredSignal[]>;
}

interface StepOf {
  readonly context: DriveContext;
  readonly head: RunHead;
  readonly state: RunState;
  /** Aborted when the run stops. */
  readonly signal: AbortSignal;
  readonly recorder: StepRecorder;
}

const MAX_LOG_LENGTH = 64 * 1024;

/** Runs one attempt of one step with what this process gives it; never throws. */
export function callStep(
  { context, head, state, signal, recorder }: StepOf,
  step: RunningStep,
): StepEnd | Promise<StepEnd> {
  const { node, effect } = step;
  const executor = context.tools.executors[node.node.type];
  if (!executor) return failureOf(new Error(`This server cannot run nodes of the type ${node.node.type}.`));
  let logged = 0;
  const log = (line: string): void => {
    logged += line.length;
    if (logged <= MAX_LOG_LENGTH) step.logs.push(context.cleanerOf(head.rootId)?.text(line) ?? line);
  };
  const { id: executionId, environmentId, workflowId, rootId, depth } = head;
  const key = idempotencyKey(executionId, effect.node, effect.scope);
  const scope = state.scopes.get(effect.scope) ?? null;
  const place = {
    executionId,
    environmentId,
    workflowId,
    rootId,
    depth,
    rootWorkflowId: head.root ? head.root.workflowId : workflowId,
    node: effect.node,
    scope: effect.scope,
    call: '',
    actor: effect.node,
    triggerKind: head.triggerKind,
    token: head.token,
    idempotencyKey: key,
  };
  const calls = new CallLog(
    context.calls,
    place,
    (value) => context.cleanerOf(head.rootId)?.value(value) ?? value,
  );
  const end = executeStep({
    executionId,
    node,
    effect,
    trigger: state.trigger,
    nodes: () => (scope ? outputsSeenFrom(scope) : {}),
    loop: () => scope && loopSeenFrom(scope),
    executor,
    render: context.render,
    after: context.clock.after,
    signal: step.abort ? AbortSignal.any([signal, step.abort.signal]) : signal,
    capabilities: (own) =>
      stepCapabilities({
        types: context.tools,
        place: { ...place, signal: own },
        calls,
        plugged: node.parts,
        outside: context.capabilities,
        now: context.clock.now,
        log,
        tell: (type, data) => {
          if (!own.aborted) recorder.told(step, type, context.cleanerOf(rootId)?.value(data) ?? data);
        },
      }),
  });
  // Asked once the step has ended, because it may be the one that used a secret.
  if (end instanceof Promise) {
    return end.then(async (one) => {
      if (calls.isUsed && (one.kind === 'done' || one.kind === 'failed'))
        step.spent = await spentBy(context, place, calls);
      return cleaned(context, rootId, one);
    });
  }
  return cleaned(context, rootId, end);
}

/** The figures are for those who watch: a step does not fail for want of them. */
async function spentBy(
  { usageOf }: DriveContext,
  { executionId, node, scope }: Pick<StepPlace, 'executionId' | 'node' | 'scope'>,
  calls: CallLog,
): Promise<StepSpending | null> {
  try {
    const usage = await usageOf?.({ executionId, node, scope });
    return usage && usage.calls > 0 ? { usage, toolCalls: await calls.toolCalls() } : null;
  } catch {
    return null;
  }
}

/** Nothing of a secret the run has used is recorded or handed on, wherever the step has it from. */
function cleaned({ cleanerOf }: DriveContext, rootId: string, end: StepEnd): StepEnd {
  return cleanerOf(rootId)?.value(end) ?? end;
}
