import type { Pool } from 'pg';
import type { Graph } from '#domain/graph/graph.ts';
import type { Usage } from '#domain/model/model.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import type { AnyExecutor, Capabilities, Reply } from '#domain/node/executor.ts';
import type { AnyToolExecutor } from '#domain/node/tool.ts';
import type { RunEvent, RunEvents } from '#domain/run/event.ts';
import type { RenderConfig } from '#domain/run/execute-step.ts';
import type { Failure } from '#domain/run/fact.ts';
import type { RunOptions } from '#domain/run/option.ts';
import type { Db } from '#server/db/connection.ts';
import type { EngineMeter } from './meter.ts';

/** `drive`: this process runs workflows. `accept`: it starts them and lets others wait for them. */
export interface EngineConfig {
  readonly drive: boolean;
  /** Runs driven at once by this process; 100 if absent. */
  readonly concurrency?: number;
  /** Runs of `startAndWait` in flight before the next is refused as overloaded; 1,000 if absent. */
  readonly maxInline?: number;
  /** Shown in `processes`. */
  readonly role?: string;
}

/** One step of one run, as those who serve it know it. */
export interface StepPlace {
  readonly executionId: string;
  readonly environmentId: number;
  readonly workflowId: number;
  readonly rootId: string;
  /** The workflow of that run; absent where it is not known. */
  readonly rootWorkflowId?: number | null;
  /** 0 for a run nobody waits for; each workflow inside a workflow adds one. */
  readonly depth: number;
  readonly node: string;
  readonly scope: string;
  /** Which call of a tool within the step; empty for the step itself. Signals go to the step in both cases. */
  readonly call: string;
  /** The node of the tool that is called, else the step's own: whose credential it is, and what messages name. */
  readonly actor: string;
  readonly triggerKind: string;
  /** Of the claim the step runs under: what it writes elsewhere counts only while the run still has it. */
  readonly token: number;
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

/** What the engine gives every step by itself. */
type OwnCapability =
  | 'log'
  | 'now'
  | 'once'
  | 'toolFunctions'
  | 'callTool'
  | 'noteCall'
  | 'usePart'
  | 'say'
  | 'place';

/** What the steps of one run may use: every call gets the step's abort signal and the line sink of its log. */
export type CapabilitiesOf = (step: StepPlace) => Omit<Capabilities, OwnCapability>;

/** What a run that is being stopped was just writing, cleaned of secrets; empty: nothing. */
export type SaidSoFar = (run: { readonly executionId: string; readonly rootId: string }) => string;

/** The step's tokens and money where `node` is given, else the whole run's, with those of the other runs named. */
export type UsageOf = (run: {
  readonly executionId: string;
  readonly others?: readonly string[];
  readonly node?: string;
  readonly scope?: string;
}) => Promise<Usage>;

/** Takes secrets out of whatever is recorded or sent. */
export type CleanerOf = (rootId: string) => {
  text(text: string): string;
  value<T>(value: T): T;
} | null;

/** A run that has ended, as the `afterRun` hook is told of it. */
export interface EndedRun {
  readonly executionId: string;
  readonly environmentId: number;
  readonly workflowId: number;
  readonly triggerKind: string;
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly error: Failure | null;
  readonly depth: number;
}

export interface EngineOptions {
  readonly db: Db;
  /** For short statements. The engine opens three connections of its own besides. */
  readonly pool: Pool;
  /** The same database, for those connections. */
  readonly url: string;
  readonly config: EngineConfig;
  /** By node type. */
  readonly executors: Readonly<Record<string, AnyExecutor>>;
  /** How node types work when they are plugged into others as tools, by node type. */
  readonly toolExecutors?: Readonly<Record<string, AnyToolExecutor>>;
  /** What a run, or one step of it, has spent on models so far. */
  readonly usageOf?: UsageOf;
  readonly saidSoFar?: SaidSoFar;
  readonly definitionOf: DefinitionOf;
  readonly capabilities: CapabilitiesOf;
  readonly render: RenderConfig;
  /** What keeps secrets out of the records of a run, by its topmost run; null: it has used none. */
  readonly cleanerOf?: CleanerOf;
  readonly log: EngineLog;
  /**
   * Called in some driving process for every run that failed, every run a schedule or a chat started and every run
   * with a node that talks or remembers, after its end was recorded; at least once, again after a crash or a rejection.
   */
  readonly afterRun?: (run: EndedRun) => Promise<void>;
  /** Told what happens, for figures. */
  readonly meter?: EngineMeter;
}

export type EngineLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  detail?: Record<string, unknown>,
) => void;

export interface StartRequest {
  /** A uuid v7 of the caller's, who has something of its own to write down with the run; else one is made. */
  readonly id?: string;
  readonly environmentId: number;
  readonly workflowId: number;
  /** The stored version `graph` is a copy of; another process loads it from there. */
  readonly versionId: number;
  readonly graph: Graph;
  readonly triggerNode: string;
  readonly triggerKind: string;
  readonly payload: unknown;
  readonly startedBy: number | null;
  /** The same key for the same workflow answers with the earlier run. */
  readonly idempotencyKey: string | null;
  /** A digest of all that was asked with the key, where that is more, or less, than trigger and payload. */
  readonly requestDigest?: string;
  readonly deadlineSeconds: number;
  /** Of the queue; higher goes first, 0 if absent. */
  readonly priority?: number;
  /** The step that waits for this run. */
  readonly parent?: ParentStep;
  /** Of a debugging run. */
  readonly options?: RunOptions;
}

export interface ParentStep {
  readonly executionId: string;
  readonly node: string;
  readonly scope: string;
  /** Under which the parent's step is signalled when this run ends. */
  readonly source: string;
  readonly rootId: string;
  readonly rootWorkflowId?: number | null;
  /** Of the child. */
  readonly depth: number;
}

export type RunStatus = 'queued' | 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled';

export interface RunResult {
  readonly executionId: string;
  /** Not yet at an end when the time ran out. */
  readonly status: RunStatus;
  /** `{ output }` when the run replied, else `{ node_outputs }`; null until the run has completed. */
  readonly output: unknown;
  readonly reply: Reply | null;
  readonly error: Failure | null;
}

/** What a caller is told whose idempotency key stands for another request already. */
export const KEY_REUSED = 'This idempotency key was used for another request. Use a new key.';

/** `overloaded` and `unavailable` are worth another try soon (503), `full` a little later (429); `conflict` is not (409). */
export type EngineErrorCode = 'overloaded' | 'full' | 'conflict' | 'unavailable';

export class EngineError extends Error {
  readonly code: EngineErrorCode;
  constructor(code: EngineErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface EngineStats {
  /** Runs this process drives now. */
  readonly driving: number;
  readonly inline: number;
  /** Records waiting to be committed. */
  readonly journal: number;
}

export interface Engine {
  /**
   * Stores a run and queues it; resolves once that is durable.
   * @throws EngineError `conflict` when the idempotency key was used for another request, `unavailable` when the
   * database cannot be reached or the engine is stopping.
   */
  start(request: StartRequest): Promise<{ executionId: string }>;
  /**
   * Starts a run and waits until it has ended or `timeoutMs` have passed; the run itself goes on in that case. A reply
   * does not end the wait: it is part of the result.
   * @throws EngineError as `start`, and `overloaded`.
   */
  startAndWait(request: StartRequest, options: { timeoutMs: number }): Promise<RunResult>;
  /** Stops a run; one that has ended already, or does not exist, is left as it is. Resolves once it is recorded. */
  cancel(executionId: string): Promise<void>;
  /** Committed events of all runs of all processes, in order per run. @returns the way to stop listening. */
  subscribe(listener: (batch: RunEvents) => void): () => void;
  /** Stored events with `seq` above `afterSeq`, in order, at most `limit`. */
  readEvents(executionId: string, afterSeq: number, limit: number): Promise<RunEvent[]>;
  /** Takes nothing new, lets running steps finish for `graceMs`, then hands the rest to other processes. */
  stop(options: { graceMs: number }): Promise<void>;
  stats(): EngineStats;
}
