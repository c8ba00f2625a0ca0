import {
  type AnyExecutor,
  type Capabilities,
  type LoopView,
  type Outcome,
  StepError,
} from '../node/executor.ts';
import { LazyCapabilities } from '../node/lazy-capabilities.ts';
import { NO_PARTS, type Parts } from '../node/part.ts';
import { storable } from '../text.ts';
import { checkConfig } from './check-config.ts';
import type { Effect, Outputs } from './fact.ts';
import type { PlannedNode } from './planned.ts';
import { renderParts } from './render-parts.ts';
import type { RenderConfig, TemplateContext } from './template-context.ts';

export type { RenderConfig, TemplateContext } from './template-context.ts';

export interface StepRun {
  readonly executionId: string;
  readonly node: PlannedNode;
  readonly effect: Extract<Effect, { kind: 'run' }>;
  readonly trigger: unknown;
  /** Asked only by steps that look: putting them together may cost. */
  readonly nodes: () => Readonly<Record<string, Outputs>>;
  readonly loop: () => LoopView | null;
  readonly executor: AnyExecutor;
  readonly capabilities: (signal: AbortSignal) => Capabilities;
  readonly render: RenderConfig;
  /** Aborted when the run is cancelled or over. */
  readonly signal: AbortSignal;
  /** Calls `work` after that many milliseconds, unless what it gives is called first. Absent: in real time. */
  readonly after?: (ms: number, work: () => void) => () => void;
}

export interface StepFailure {
  readonly kind: 'failed';
  readonly message: string;
  readonly code: string;
  readonly permanent: boolean;
}

export type StepEnd = Outcome | StepFailure;

const inRealTime = (ms: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

/** The key an effect carries on every attempt of one step. */
export const idempotencyKey = (executionId: string, node: string, scope: string): string =>
  `${executionId}:${node}:${scope}`;

/**
 * Runs one attempt of one step: renders and checks the config, calls the executor, bounds its time. Never throws;
 * answers without a promise when nothing in the step needed one. When the time is up or `signal` aborts, the step
 * ends at once and whatever the executor still does is ignored. What a failed attempt has left under way is aborted.
 */
export function executeStep(step: StepRun): StepEnd | Promise<StepEnd> {
  try {
    const { node } = step;
    if (hasParts(node)) return callWithParts(step).catch(failureOf);
    if (!node.isTemplated) return call(step, constantConfig(node));
    const context = contextOf(step);
    const rendered = step.render(node.node.config, context, node.definition.verbatim ?? []);
    if (!(rendered instanceof Promise)) return call(step, checkConfig(node.definition, rendered));
    return rendered.then((config) => call(step, checkConfig(node.definition, config))).catch(failureOf);
  } catch (error) {
    return failureOf(error);
  }
}

const hasParts = ({ parts }: PlannedNode): boolean => {
  for (const _ in parts) return true;
  return false;
};

function contextOf(step: StepRun): TemplateContext {
  const loop = step.loop();
  return {
    trigger: step.trigger,
    nodes: step.nodes(),
    inputs: step.effect.inputs,
    ...(loop && { loop }),
    run: { id: step.executionId },
  };
}

async function callWithParts(step: StepRun): Promise<StepEnd> {
  const { node } = step;
  const context = contextOf(step);
  const parts = await renderParts(node.parts, context, step.render);
  if (!node.isTemplated) return call(step, constantConfig(node), parts);
  const rendered = await step.render(node.node.config, context, node.definition.verbatim ?? []);
  return call(step, checkConfig(node.definition, rendered), parts);
}

const checked = new WeakMap<PlannedNode, unknown>();

/** A config without templates is the same in every run. */
function constantConfig(node: PlannedNode): unknown {
  let config = checked.get(node);
  if (config === undefined) {
    config = checkConfig(node.definition, { ...node.node.config });
    checked.set(node, config);
  }
  return config;
}

function call(step: StepRun, config: unknown, parts: Parts = NO_PARTS): StepEnd | Promise<StepEnd> {
  const { node, effect } = step;
  // Most pure nodes answer at once: they get neither a timer nor an AbortController unless they ask for it.
  let own: AbortController | undefined;
  const signal = (): AbortSignal => {
    own ??= new AbortController();
    return own.signal;
  };
  const input = {
    inputs: effect.inputs,
    config,
    parts,
    trigger: step.trigger,
    get nodes() {
      return step.nodes();
    },
    get loop() {
      return step.loop();
    },
    resumed: effect.resumed,
    idempotencyKey: idempotencyKey(step.executionId, effect.node, effect.scope),
    attempt: effect.attempt,
    get signal() {
      return signal();
    },
  };
  const capabilities =
    node.definition.effect === 'pure'
      ? new LazyCapabilities(() => step.capabilities(signal()))
      : step.capabilities(signal());
  const outcome = step.executor(input as never, capabilities);
  if (!(outcome instanceof Promise)) return outcome;
  return bounded(step, outcome, () => own);
}

/** One reason for all: making one for every failure costs more than the rest of it. */
const GIVEN_UP = new Error('The attempt is over.');

function bounded(
  step: StepRun,
  outcome: Promise<Outcome>,
  controller: () => AbortController | undefined,
): Promise<StepEnd> {
  const { timeoutMs } = step.node;
  return new Promise((resolve) => {
    const finish = (end: StepEnd, abort = false): void => {
      stopTimer();
      step.signal.removeEventListener('abort', onAbort);
      resolve(end);
      if (abort) controller()?.abort(GIVEN_UP);
    };
    const onAbort = (): void => finish(failureOf(new StepError('cancelled', 'The run was stopped.')), true);
    const stopTimer = (step.after ?? inRealTime)(timeoutMs, () => {
      const message = `“${step.node.id}” took longer than ${timeoutMs / 1000} seconds. Raise its time limit in the settings.`;
      finish(failureOf(new StepError('timeout', message)), true);
    });
    step.signal.addEventListener('abort', onAbort, { once: true });
    if (step.signal.aborted) onAbort();
    outcome.then(
      (value) => finish(value),
      // What the attempt has left under way must not act beside the next one.
      (error: unknown) => finish(failureOf(error), true),
    );
  });
}

/** What a database says of a text it cannot hold, by SQLSTATE. Trying again would change nothing. */
const UNSTORABLE: ReadonlySet<unknown> = new Set(['22021', '22P05']);

const UNSTORABLE_TEXT: StepFailure = {
  kind: 'failed',
  message: 'A text holds a NUL character, which can neither be kept nor looked for. Take it out first.',
  code: 'bad_text',
  permanent: true,
};

/** A thrown value as a failure, in words that can be stored; anything but a StepError is a fault of the node type and worth another attempt. */
export function failureOf(error: unknown): StepFailure {
  if (error instanceof StepError) {
    const { code, permanent } = error;
    return { kind: 'failed', message: storable(error.message), code, permanent };
  }
  if (error instanceof Error && UNSTORABLE.has(Reflect.get(error, 'code'))) return UNSTORABLE_TEXT;
  const message = error instanceof Error ? error.message : String(error);
  return {
    kind: 'failed',
    message: storable(message) || 'The step failed without a message.',
    code: 'node_error',
    permanent: false,
  };
}
