import type { AnyExecutor } from '#domain/node/executor.ts';
import {
  executeStep,
  failureOf,
  idempotencyKey,
  type RenderConfig,
  type StepEnd,
} from '#domain/run/execute-step.ts';
import type { RunState } from '#domain/run/state.ts';
import { loopSeenFrom, outputsSeenFrom } from '#domain/run/view.ts';
import type { Clock } from './clock.ts';
import type { CapabilitiesOf, CleanerOf } from './interface.ts';
import type { Journal } from './journal.ts';
import type { EngineMeter } from './meter.ts';
import type { RunningStep } from './step-recorder.ts';
import type { RunHead } from './stored-run.ts';
import type { StoredSignal } from './suspended-step.ts';

/** What every drive of a process shares. */
export interface DriveContext {
  readonly journal: Journal;
  readonly executors: Readonly<Record<string, AnyExecutor>>;
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
}

const MAX_LOG_LENGTH = 64 * 1024;

/** Runs one attempt of one step with what this process gives it; never throws. */
export function callStep(
  { context, head, state, signal }: StepOf,
  step: RunningStep,
): StepEnd | Promise<StepEnd> {
  const { node, effect } = step;
  const executor = context.executors[node.node.type];
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
    node: effect.node,
    scope: effect.scope,
    idempotencyKey: key,
  };
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
    capabilities: (own) => ({
      ...context.capabilities({ ...place, signal: own }),
      now: context.clock.now,
      log,
    }),
  });
  // Asked once the step has ended, because it may be the one that used a secret.
  if (end instanceof Promise) return end.then((one) => cleaned(context, rootId, one));
  return cleaned(context, rootId, end);
}

/** Nothing of a secret the run has used is recorded or handed on, wherever the step has it from. */
function cleaned({ cleanerOf }: DriveContext, rootId: string, end: StepEnd): StepEnd {
  return cleanerOf(rootId)?.value(end) ?? end;
}
