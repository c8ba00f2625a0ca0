import type { Graph } from '../graph/graph.ts';
import type { DefinitionOf } from '../node/definition.ts';
import type { AnyExecutor, Capabilities, Reply } from '../node/executor.ts';
import { refusingCapabilities } from '../node/refusing-capabilities.ts';
import type { StepState } from './event.ts';
import { executeStep, failureOf, type RenderConfig, type StepEnd } from './execute-step.ts';
import type { Effect, Fact, Failure, FinalStatus, Outputs, StepRef } from './fact.ts';
import type { RunOptions } from './option.ts';
import { compile } from './plan.ts';
import type { RunPlan } from './planned.ts';
import { advance } from './reducer.ts';
import { outputOf } from './result.ts';
import { emptyState, type RunState } from './state.ts';
import { stepFact } from './step-fact.ts';
import { loopSeenFrom, outputsSeenFrom } from './view.ts';

export interface FlowOptions {
  readonly graph: Graph;
  /** Absent: the first trigger of the graph. */
  readonly triggerNode?: string;
  readonly payload: unknown;
  readonly definitionOf: DefinitionOf;
  /** By node type. */
  readonly executors: Readonly<Record<string, AnyExecutor>>;
  /** Those a test needs; the others refuse. */
  readonly capabilities?: Partial<Capabilities>;
  /** Absent: configs are taken as they are. */
  readonly render?: RenderConfig;
  readonly runOptions?: RunOptions;
  /** What a suspended step is told, by source; null: nothing until its time is up. */
  readonly answer?: (suspended: Extract<Effect, { kind: 'suspend' }>) => Record<string, unknown> | null;
  /** In [0, 1), for the jitter of retries. */
  readonly random?: () => number;
  readonly executionId?: string;
}

export interface FlowStep {
  readonly node: string;
  readonly state: StepState;
  readonly attempts: number;
  readonly outputs: Outputs | null;
  readonly error: Failure | null;
}

export interface FlowResult {
  readonly status: FinalStatus;
  readonly output: ReturnType<typeof outputOf>;
  readonly reply: Reply | null;
  readonly error: Failure | null;
  /** By node id; outside loops. */
  readonly steps: Readonly<Record<string, FlowStep>>;
  /** Edge ids outside loops that carried data, and those that were skipped. */
  readonly taken: readonly number[];
  readonly skipped: readonly number[];
  /** Lines the steps logged. */
  readonly logs: readonly string[];
}

/**
 * Runs a graph in memory, with the same reducer the durable engine uses. Waits and retry pauses do not pass real
 * time: the clock that `capabilities.now` shows jumps ahead to the next one when nothing else is running.
 * @throws PlanError when the graph cannot be run at all.
 */
export function runFlow(options: FlowOptions): Promise<FlowResult> {
  return new Flow(options).run();
}

const keyOf = ({ node, scope, attempt }: StepRef): string => `${node}\n${scope}\n${attempt}`;

class Flow {
  private readonly options: FlowOptions;
  private readonly plan: RunPlan;
  private readonly state: RunState;
  private readonly logs: string[] = [];
  private readonly over = new AbortController();
  private readonly timers: { at: number; fact: Fact }[] = [];
  private readonly cancelled = new Set<string>();
  private running = 0;
  private clock = Date.now();
  private wake: () => void = () => undefined;

  constructor(options: FlowOptions) {
    this.options = options;
    const { graph, definitionOf } = options;
    const trigger =
      options.triggerNode ?? graph.nodes.find((node) => definitionOf(node.type)?.trigger)?.id ?? '';
    const { only, until } = options.runOptions ?? {};
    this.plan = compile({ graph, triggerNode: trigger, definitionOf, only, until });
    this.state = emptyState(this.plan, options.runOptions);
  }

  async run(): Promise<FlowResult> {
    this.take({ kind: 'started', payload: this.options.payload });
    while (this.state.status === 'running') {
      if (this.running > 0) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        continue;
      }
      const next = this.timers.sort((a, b) => a.at - b.at).shift();
      if (!next) throw new Error('The run neither ended nor waits for anything.');
      this.clock = Math.max(this.clock, next.at);
      this.take(next.fact);
    }
    this.over.abort();
    return this.result(this.state.status);
  }

  private take(fact: Fact): void {
    for (const effect of advance(this.plan, this.state, fact)) this.follow(effect);
  }

  private follow(effect: Effect): void {
    if (effect.kind === 'run') this.start(effect);
    else if (effect.kind === 'cancel') this.cancelled.add(keyOf(effect));
    else if (effect.kind === 'wait') this.pause(effect, effect.until, { kind: 'resumed' });
    else if (effect.kind === 'retry') this.pause(effect, effect.at, { kind: 'retry_due' });
    else if (effect.kind === 'suspend') this.suspend(effect);
  }

  private pause(
    { node, scope, attempt }: StepRef,
    at: number,
    fact: { kind: 'resumed' | 'retry_due' },
  ): void {
    this.timers.push({ at, fact: { ...fact, node, scope, attempt } });
  }

  private suspend(effect: Extract<Effect, { kind: 'suspend' }>): void {
    const { node, scope, attempt, suspension } = effect;
    const signals = this.options.answer?.(effect) ?? null;
    const at = signals ? this.clock : suspension.until;
    if (at === null) throw new Error(`Nobody answers “${node}”, and it has no time limit.`);
    const resumed = { timedOut: !signals, signals: signals ?? {}, kept: suspension.kept };
    this.timers.push({ at, fact: { kind: 'signalled', resumed, node, scope, attempt } });
  }

  private start(effect: Extract<Effect, { kind: 'run' }>): void {
    this.running += 1;
    // Even a step that answers at once does so in a later turn, so that a long chain does not nest calls.
    void Promise.resolve(this.execute(effect)).then((end) => {
      this.running -= 1;
      this.finish(effect, end);
      this.wake();
    });
  }

  private execute(effect: Extract<Effect, { kind: 'run' }>): StepEnd | Promise<StepEnd> {
    const node = this.plan.byId.get(effect.node);
    const executor = node && this.options.executors[node.node.type];
    if (!executor) return failureOf(new Error(`There is no executor for “${effect.node}”.`));
    const scope = this.state.scopes.get(effect.scope) ?? null;
    return executeStep({
      executionId: this.options.executionId ?? 'flow',
      node,
      effect,
      trigger: this.state.trigger,
      nodes: () => (scope ? outputsSeenFrom(scope) : {}),
      loop: () => scope && loopSeenFrom(scope),
      executor,
      capabilities: () => this.capabilities(),
      render: this.options.render ?? ((config) => ({ ...config })),
      signal: this.over.signal,
    });
  }

  private capabilities(): Capabilities {
    return refusingCapabilities({
      log: (line) => this.logs.push(line),
      now: () => this.clock,
      ...this.options.capabilities,
    });
  }

  private finish(effect: Extract<Effect, { kind: 'run' }>, end: StepEnd): void {
    const node = this.plan.byId.get(effect.node);
    if (!node || this.cancelled.has(keyOf(effect))) return;
    const random = (this.options.random ?? Math.random)();
    this.take(stepFact({ ref: effect, node, end, now: this.clock, random }));
  }

  private result(status: FinalStatus): FlowResult {
    const steps = this.plan.nodes.map((node): [string, FlowStep] => {
      const step = node.frame === this.plan.root ? this.state.root.steps[node.slot] : undefined;
      return [
        node.id,
        {
          node: node.id,
          state: step?.state ?? 'pending',
          attempts: step?.attempt ?? 0,
          outputs: step?.outputs ?? null,
          error: step?.error ?? null,
        },
      ];
    });
    const edgesWith = (token: number) =>
      this.plan.edges
        .filter((edge) => edge.home === this.plan.root && this.state.root.tokens[edge.slot] === token)
        .map((edge) => edge.id);
    return {
      status,
      output: outputOf(this.plan, this.state),
      reply: this.state.reply,
      error: this.state.error,
      steps: Object.fromEntries(steps),
      taken: edgesWith(1),
      skipped: edgesWith(2),
      logs: this.logs,
    };
  }
}
