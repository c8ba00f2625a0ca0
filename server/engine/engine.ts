import pg from 'pg';
import type { RunEvent, RunEvents, RunRoot } from '#domain/run/event.ts';
import { createActivityOf } from './activity.ts';
import { readEndedRun } from './after-run.ts';
import { awaitEnd } from './await-end.ts';
import { Backlog } from './backlog.ts';
import { cancelRun, DatabaseCancelStore } from './cancel.ts';
import { Claims } from './claim.ts';
import { systemClock } from './clock.ts';
import { isPassing } from './database-error.ts';
import { Driver } from './driver.ts';
import { EventHub, readEvents } from './events.ts';
import { Forgotten } from './forgotten.ts';
import {
  type Engine,
  EngineError,
  type EngineOptions,
  type EngineStats,
  type ParentStep,
  type RunResult,
  type StartRequest,
} from './interface.ts';
import { Journal } from './journal.ts';
import { DatabaseJournalStore } from './journal-store.ts';
import { jsonText } from './json-text.ts';
import { NO_METER } from './meter.ts';
import { PlanCache } from './plan-cache.ts';
import { ProcessIdentity } from './process.ts';
import { type Queue, startQueue } from './queue.ts';
import type { NewRun } from './run-record.ts';
import { SignalReader } from './signal-reader.ts';
import { Slots } from './slot.ts';
import { type Started, Starts } from './start.ts';
import { StepCalls } from './step-calls.ts';
import type { RunHead } from './stored-run.ts';
import { Sweeper } from './sweeper.ts';
import { uuidV7 } from './uuid-v7.ts';

export {
  type Engine,
  EngineError,
  type EngineLog,
  type EngineOptions,
  type RunResult,
  type StartRequest,
} from './interface.ts';

const CONCURRENCY = 100;
const MAX_INLINE = 1000;
/** Statements of the engine hit few rows by key; the planner must not be misled by tables that were empty once. */
const SESSION =
  '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off -c idle_in_transaction_session_timeout=10000';

/**
 * Joins this process to the engine: registers it, listens for events, and, where `config.drive` says so, starts to
 * drive queued runs.
 * @throws when the database cannot be reached.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const engine = new LocalEngine(options);
  await engine.open();
  return engine;
}

class LocalEngine implements Engine {
  private readonly options: EngineOptions;
  private readonly concurrency: number;
  private readonly maxInline: number;
  /** Apart from the caller's pool, so that a busy API cannot hold up runs. */
  private readonly pool: pg.Pool;
  private readonly identity: ProcessIdentity;
  private readonly events: EventHub;
  private readonly journal: Journal;
  private readonly plans: PlanCache;
  private readonly starts: Starts;
  private readonly slots: Slots;
  private readonly backlog: Backlog;
  private readonly driver: Driver;
  private readonly sweeper: Sweeper;
  private queue: Queue | null = null;
  private inline = 0;
  private isStopping = false;

  constructor(options: EngineOptions) {
    const { url, log, config, meter = NO_METER } = options;
    this.options = options;
    this.concurrency = config.concurrency ?? CONCURRENCY;
    this.maxInline = config.maxInline ?? MAX_INLINE;
    this.pool = new pg.Pool({
      connectionString: url,
      max: 6,
      connectionTimeoutMillis: 5000,
      keepAlive: true,
      options: SESSION,
      application_name: 'pipewright engine',
    });
    // A connection that breaks is replaced by the pool; unheard, its error would end the process.
    this.pool.on('error', nothing);
    this.pool.on('connect', (client) => client.on('error', nothing));
    const { pool } = this;
    const role = config.role ?? (config.drive ? 'all' : 'server');
    this.identity = new ProcessIdentity({ url, role, log, onReplaced: () => this.driver.dropAll() });
    const processId = (): string => this.identity.id;
    const stopLocal = (id: string): void => this.driver.get(id)?.cancel();
    const onSignal = (id: string | null): void => {
      if (id === null) this.driver.askForSignals();
      else this.driver.get(id)?.signalled();
    };
    this.events = new EventHub({ pool, url, processId, log, onCancel: stopLocal, onSignal });
    const clock = systemClock;
    this.journal = new Journal({
      store: new DatabaseJournalStore(pool, () => this.sweeper.isAlone),
      processId,
      log,
      clock,
      meter,
      publish: (records) => this.events.publish(records),
    });
    this.plans = new PlanCache(pool, options.definitionOf);
    this.backlog = new Backlog(pool);
    this.starts = new Starts(pool, (run) => this.backlog.jobPriority(run));
    this.slots = new Slots(pool);
    const { executors, toolExecutors = {}, capabilities, render, cleanerOf = withoutSecrets } = options;
    const { definitionOf, usageOf, saidSoFar } = options;
    const signals = new SignalReader(pool);
    const lease = this.identity;
    const tools = { executors, toolExecutors, definitionOf };
    const activityOf = usageOf && createActivityOf(pool, usageOf);
    const of = { cleanerOf, usageOf, activityOf, saidSoFar };
    const given = { tools, capabilities, render, calls: new StepCalls(pool), ...of };
    const context = { journal: this.journal, ...given, clock, signals, lease, meter };
    const claims = new Claims(pool, processId, this.slots);
    const onSlotFree = (): void => {
      // The sweeper tries again every second.
      this.slots.wake().catch(nothing);
    };
    this.driver = new Driver({ context, claims, plans: this.plans, log, onSlotFree });
    const forgotten = new Forgotten({
      pool,
      processId,
      log,
      isInHand: (id) => this.driver.isInHand(id),
      onCancel: (ids) => ids.forEach(stopLocal),
    });
    this.sweeper = new Sweeper({
      pool,
      processId,
      log,
      meter,
      onRound: () =>
        Promise.all([this.slots.refresh(), this.backlog.refresh(), forgotten.look()]).then(nothing),
      onTenthRound: async () => this.queue?.unlockForgotten(),
    });
  }

  async open(): Promise<void> {
    try {
      await this.identity.register();
      await this.events.start();
    } catch (error) {
      await this.closeConnections();
      throw error;
    }
    await this.slots.refresh();
    this.sweeper.start();
    if (!this.options.config.drive) return;
    this.queue = startQueue({
      pool: this.pool,
      concurrency: this.concurrency,
      log: this.options.log,
      afterRun: async (id) => {
        const run = await readEndedRun(this.pool, id);
        if (run) await this.options.afterRun?.(run);
      },
      drive: async (id) => {
        await this.driver.claimAndDrive(id);
      },
      onIds: (ids) => void this.identity.setGraphileIds(ids),
    });
  }

  async start(request: StartRequest): Promise<{ executionId: string }> {
    const run = this.newRun(request);
    const isLocal = this.mayDrive(run) && this.driver.size < this.concurrency;
    if (!isLocal && run.parent === null) await this.backlog.refuseBeyond(run);
    const { executionId, isNew } = await this.store(run, isLocal);
    if (isNew) this.options.meter?.runStarted(run.triggerKind);
    if (isLocal && isNew) void this.driveOwn(run, request.payload);
    return { executionId };
  }

  async startAndWait(request: StartRequest, { timeoutMs }: { timeoutMs: number }): Promise<RunResult> {
    if (this.inline >= this.maxInline) {
      throw new EngineError('overloaded', 'Too many callers wait for a run just now. Try again shortly.');
    }
    this.inline += 1;
    try {
      return await this.runAndWait(request, timeoutMs);
    } finally {
      this.inline -= 1;
    }
  }

  cancel(executionId: string): Promise<void> {
    const { driver } = this;
    const store = new DatabaseCancelStore(this.pool);
    return translated(
      cancelRun({ store, driver, clock: systemClock, processId: () => this.identity.id }, executionId),
    );
  }

  subscribe(listener: (batch: RunEvents) => void): () => void {
    return this.events.subscribe(listener);
  }

  readEvents(executionId: string, afterSeq: number, limit: number): Promise<RunEvent[]> {
    return translated(readEvents(this.pool, executionId, afterSeq, limit));
  }

  stats(): EngineStats {
    return { driving: this.driver.size, inline: this.inline, journal: this.journal.size };
  }

  async stop({ graceMs }: { graceMs: number }): Promise<void> {
    if (this.isStopping) return;
    this.isStopping = true;
    const queue = Promise.resolve(this.queue?.stop()).catch(nothing);
    this.driver.drain();
    await Promise.race([this.idle(), pause(graceMs)]);
    await Promise.race([
      this.driver.handBack().then(() => this.journal.drain()),
      pause(Math.max(2000, graceMs)),
    ]);
    this.journal.close();
    this.driver.dropAll();
    await Promise.race([queue, pause(5000)]);
    await this.sweeper.stop();
    await this.closeConnections();
  }

  private async idle(): Promise<void> {
    while (this.driver.size > 0) await pause(20);
  }

  private async closeConnections(): Promise<void> {
    const closing = [this.identity.close(), this.events.close(), this.pool.end()];
    await Promise.race([Promise.allSettled(closing), pause(3000)]);
  }

  private async runAndWait(request: StartRequest, timeoutMs: number): Promise<RunResult> {
    const until = Date.now() + timeoutMs;
    const run = this.newRun(request);
    const drive = this.mayDrive(run);
    let { id: executionId } = run;
    let driven: Promise<RunResult | null> = Promise.resolve(null);
    if (drive && isPlain(run)) {
      this.options.meter?.runStarted(run.triggerKind);
      driven = this.driveOwn(run, request.payload, run);
    } else {
      const started = await this.store(run, drive);
      executionId = started.executionId;
      if (started.isNew) this.options.meter?.runStarted(run.triggerKind);
      if (drive && started.isNew) driven = this.driveOwn(run, request.payload);
    }
    const timer = pauseUntil(until);
    const early = await Promise.race([driven, timer.promise]);
    timer.clear();
    if (early) return early;
    const { pool, events } = this;
    // The run may still be on its way to its first row when the caller's time is up.
    if (Date.now() >= until)
      return { executionId, status: 'running', output: null, reply: null, error: null };
    return translated(awaitEnd({ pool, events, executionId, timeoutMs: until - Date.now() }));
  }

  /** At once, without a job: where nothing limits how many runs there may be. */
  private mayDrive(run: NewRun): boolean {
    return this.options.config.drive && !this.slots.isLimited(run);
  }

  private newRun(request: StartRequest): NewRun {
    if (this.isStopping) throw new EngineError('unavailable', 'This server is stopping. Try again shortly.');
    const { environmentId, workflowId, versionId, startedBy, triggerNode, triggerKind } = request;
    const { idempotencyKey, requestDigest } = request;
    this.plans.seed(versionId, request.graph);
    const createdAt = Date.now();
    return {
      id: request.id ?? uuidV7(createdAt),
      environmentId,
      workflowId,
      versionId,
      startedBy,
      triggerNode,
      triggerKind,
      triggerJson: jsonText(request.payload),
      // Control characters would not survive as text in PostgreSQL; their JSON escapes do.
      idempotencyKey: idempotencyKey === null ? null : JSON.stringify(idempotencyKey).slice(1, -1),
      deadlineAt: createdAt + request.deadlineSeconds * 1000,
      priority: request.priority ?? 0,
      parent: request.parent ?? null,
      options: {
        ...request.options,
        ...(idempotencyKey !== null && requestDigest !== undefined && { request: requestDigest }),
      },
      createdAt,
    };
  }

  private store(run: NewRun, isLocal: boolean): Promise<Started> {
    const stored = (): Promise<Started> => this.starts.store(run, isLocal ? this.identity.id : null);
    return translated(isLocal ? this.driver.taking(run.id, stored) : stored());
  }

  /** Drives a run that was just made here. @returns its result; null when it goes on elsewhere. */
  private async driveOwn(
    run: NewRun,
    payload: unknown,
    create: NewRun | null = null,
  ): Promise<RunResult | null> {
    const head: RunHead = {
      ...run,
      rootId: run.parent?.rootId ?? run.id,
      depth: run.parent?.depth ?? 0,
      ...(run.parent && { root: rootOf(run.parent) }),
      hasSlot: false,
      trigger: payload,
      token: 1,
      nextSeq: 1,
      losses: 0,
      cancelRequested: false,
      reply: null,
    };
    try {
      const end = await this.driver.drive({ head, steps: [] }, create);
      return end.kind === 'ended' ? end.result : null;
    } catch (error) {
      this.options.log('error', 'A run could not be driven.', { run: run.id, error: String(error) });
      return null;
    }
  }
}

const rootOf = ({ rootId, rootWorkflowId, node }: ParentStep): RunRoot => ({
  executionId: rootId,
  workflowId: rootWorkflowId ?? null,
  parentNode: node,
});

/** Only such a run can be driven before it has a row. */
const isPlain = ({ idempotencyKey, parent, options }: NewRun): boolean =>
  idempotencyKey === null && parent === null && Object.keys(options).length === 0;

/** Database trouble as the callers of the engine know it. */
async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof EngineError || !isPassing(error)) throw error;
    throw new EngineError('unavailable', 'The database does not answer. Try again shortly.');
  }
}

const withoutSecrets = (): null => null;
const nothing = (): void => undefined;

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

function pauseUntil(time: number): { promise: Promise<null>; clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), Math.max(0, time - Date.now()));
  });
  return { promise, clear: () => clearTimeout(timer) };
}
