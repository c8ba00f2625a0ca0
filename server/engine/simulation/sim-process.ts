import { refusingCapabilities } from '#domain/node/refusing-capabilities.ts';
import type { DriveContext } from '../call-step.ts';
import { type CancelStore, cancelRun } from '../cancel.ts';
import type { Claimed } from '../claim.ts';
import type { Clock } from '../clock.ts';
import { Driver } from '../driver.ts';
import { EngineError } from '../interface.ts';
import { Journal } from '../journal.ts';
import { NO_METER } from '../meter.ts';
import type { NewRun, RunRecord } from '../run-record.ts';
import type { RunHead } from '../stored-run.ts';
import { send } from './connection.ts';
import type { Point } from './fault.ts';
import { simExecutors } from './step-executor.ts';
import type { Member, StartKind, Surroundings } from './surroundings.ts';
import type { JobRow } from './table.ts';

/** How long a process may have stood still before it has to make sure that it still owns its runs. */
const LEASE_MS = 10_000;

/** One process: the engine's own Driver and Journal on a simulated clock, database and queue. */
export class SimProcess implements Member {
  readonly name: string;
  readonly clock: Clock;
  readonly driver: Driver;
  readonly journal: Journal;
  isDead = false;
  pausedUntil = 0;
  /** Takes jobs and new runs. */
  isAccepting = true;
  /** It did not leave by itself. */
  wasLost = false;
  /** It may have been taken for dead without knowing. */
  mayBeLate = false;
  /** What its clock shows too much. */
  skew = 0;
  id: string;
  private readonly world: Surroundings;
  private identities = 1;
  private lastTurn = 0;
  private isCertain = true;

  constructor(world: Surroundings, name: string) {
    this.world = world;
    this.name = name;
    this.id = `${name}.1`;
    this.clock = this.makeClock();
    const log = (level: string, message: string, detail?: Record<string, unknown>): void => {
      world.schedule.note(`${name} ${level}: ${message} ${detail ? JSON.stringify(detail) : ''}`);
      if (level === 'error') world.watch.violate(`${message} ${JSON.stringify(detail)}`);
    };
    const { database } = world;
    this.journal = new Journal({
      store: {
        write: (processId, records) =>
          send(world, this, {
            label: 'write',
            points: pointsOf(records),
            work: () => database.write(processId, records),
          }),
        alreadyWritten: (records) =>
          send(world, this, { label: 'look', work: () => database.alreadyWritten(records) }),
      },
      processId: () => this.id,
      publish: (records) => world.watch.published(this, records),
      log,
      clock: this.clock,
    });
    this.driver = new Driver({
      context: this.makeContext(),
      claims: { claim: (id) => this.claim(id) },
      plans: { load: () => Promise.resolve(), plan: (versionId) => world.planOf(versionId) },
      log,
      onSlotFree: () => undefined,
    });
  }

  get isPaused(): boolean {
    return this.pausedUntil > this.world.schedule.now;
  }

  private makeClock(): Clock {
    const { schedule, chance } = this.world;
    return {
      now: () => Math.floor(schedule.now + this.skew),
      random: chance.next,
      // Real timers ring late, and by the wall clock now and then a millisecond early.
      after: (ms, work) => {
        const late = ms > 1 && chance.is(0.05) ? -1 : chance.next() * 3;
        return schedule.after(this, ms + late, `${this.name} timer`, work);
      },
      turn: (work) => {
        this.lastTurn = Math.max(this.lastTurn, schedule.now + chance.next() * 0.2);
        schedule.after(this, this.lastTurn - schedule.now, `${this.name} turn`, work);
      },
      breath: () =>
        new Promise((resolve) => {
          schedule.after(this, chance.next(), `${this.name} breath`, resolve);
        }),
    };
  }

  private makeContext(): DriveContext {
    const { world } = this;
    return {
      journal: this.journal,
      tools: { executors: simExecutors(world, this), toolExecutors: {}, definitionOf: () => undefined },
      // No step of the simulation calls models or tools.
      calls: { read: async () => new Map(), write: async () => undefined, told: async () => new Set() },
      usageOf: undefined,
      activityOf: undefined,
      capabilities: () => refusingCapabilities({}),
      render: (config) => ({ ...config }),
      clock: this.clock,
      signals: {
        read: (id) =>
          send(world, this, {
            label: 'signals',
            points: ['signals', 'signals read'],
            work: () => world.database.signals(id),
          }),
      },
      lease: this.makeLease(),
      meter: NO_METER,
      cleanerOf: () => null,
    };
  }

  private makeLease(): DriveContext['lease'] {
    const isCertain = (): boolean => this.isCertain;
    return {
      get isCertain() {
        return isCertain();
      },
      ascertain: () => this.ascertained(),
    };
  }

  private async ascertained(): Promise<void> {
    while (!this.isCertain) {
      await new Promise<void>((resolve) => {
        this.world.schedule.after(this, this.world.latency() + 20, `${this.name} beats`, resolve);
      });
      if (this.world.isAway) continue;
      if (!this.world.membership.holds(this)) continue;
      this.isCertain = true;
    }
  }

  private claim(id: string): Promise<Claimed | null> {
    const { world, id: owner } = this;
    return send(world, this, {
      label: 'claim',
      points: ['claim', 'claimed'],
      work: () => {
        const claimed = world.database.claim(id, owner);
        if (claimed) world.watch.claimed(this, claimed.head);
        return claimed;
      },
    });
  }

  /** Works on a job it has fetched. */
  async work(job: JobRow): Promise<void> {
    const { world } = this;
    if (world.reach('job', this) === 'lose' || this.isDead) {
      world.membership.unlockForgotten(this, job.id);
      return;
    }
    try {
      await this.driver.claimAndDrive(job.runId);
    } catch (error) {
      // Who is stopping leaves it to the others.
      if (!(error instanceof EngineError)) world.watch.violate(`A job failed: ${String(error)}`);
      world.database.jobs.fail(job.id, world.schedule.now + 2700);
      return;
    }
    this.complete(job.id);
  }

  private complete(jobId: number): void {
    const { schedule, database } = this.world;
    schedule.after(this, 20, `${this.name} completes job ${jobId}`, () => {
      if (this.world.isAway) this.complete(jobId);
      else database.jobs.complete(jobId);
    });
  }

  /** Starts a run as the engine does. `inline`: it is driven before it has a row. @returns once it is durable, or over. */
  async start(run: NewRun, kind: StartKind): Promise<string> {
    const { world, driver } = this;
    if (kind === 'inline') {
      const end = await this.driveOwn(run, run);
      if (end?.kind === 'ended' || end?.kind === 'parked') return run.id;
      throw new Error('It is not known what became of it.');
    }
    const owner = kind === 'local' ? this.id : null;
    const stored = (): Promise<{ executionId: string; isNew: boolean }> =>
      send(world, this, {
        label: 'start',
        points: ['start', 'started'],
        work: () => world.database.insert(run, owner),
      });
    const { executionId, isNew } = await (owner ? driver.taking(run.id, stored) : stored());
    if (owner && isNew) void this.driveOwn(run, null);
    return executionId;
  }

  private driveOwn(run: NewRun, create: NewRun | null): ReturnType<Driver['drive']> {
    const head: RunHead = {
      ...run,
      rootId: run.parent?.rootId ?? run.id,
      depth: run.parent?.depth ?? 0,
      hasSlot: false,
      trigger: JSON.parse(run.triggerJson),
      token: 1,
      nextSeq: 1,
      losses: 0,
      cancelRequested: false,
      reply: null,
    };
    this.world.watch.claimed(this, head);
    // Who is stopping does not go on with what was parked.
    return this.driver.drive({ head, steps: [] }, create).catch((error: unknown) => {
      if (!(error instanceof EngineError)) throw error;
      return { kind: 'lost' };
    });
  }

  cancel(id: string): Promise<void> {
    const { world, driver, clock } = this;
    const { database } = world;
    const ask = <T>(label: string, work: () => T): Promise<T> => send(world, this, { label, work });
    const store: CancelStore = {
      request: () => ask('request cancel', () => database.requestCancel(id)),
      tellOwner: () => ask('tell owner', () => world.outside.tellCancel(id)),
      look: () => ask('look', () => database.face(id)),
      removeJob: () => ask('remove job', () => database.jobs.remove(id)),
      addJob: () => ask('add job', () => database.jobs.add(id, database.now)),
    };
    return cancelRun({ store, driver, clock, processId: () => this.id }, id);
  }

  /** The process is gone at once. */
  crash(): void {
    if (this.isDead) return;
    this.wasLost = true;
    this.leave();
  }

  private leave(): void {
    this.isDead = true;
    this.world.membership.left(this);
  }

  /** It stands still; whoever stands still for long is not sure of its runs afterwards. */
  pause(ms: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.world.schedule.now + ms);
    if (ms < LEASE_MS) return;
    this.isCertain = false;
    this.world.membership.lapses(this);
  }

  /** Its clock is set. A jump of more than the lease makes it unsure. */
  jump(ms: number): void {
    this.skew += ms;
    if (ms < LEASE_MS) return;
    this.isCertain = false;
    this.world.schedule.after(this, 3000, `${this.name} beats`, () => void this.ascertained());
  }

  /** It was taken for dead and goes on under another name. */
  replaced(): void {
    this.identities += 1;
    const former = this.id;
    this.id = `${this.name}.${this.identities}`;
    this.driver.dropAll();
    this.world.membership.giveUp(this, former);
  }

  /** As the engine stops: drain, hand back, leave. */
  async stop(graceMs: number): Promise<void> {
    if (!this.isAccepting) return;
    this.isAccepting = false;
    const pause = (ms: number): Promise<void> =>
      new Promise((resolve) => {
        this.clock.after(ms, resolve);
      });
    this.driver.drain();
    const until = this.clock.now() + graceMs;
    while (this.driver.size > 0 && this.clock.now() < until) await pause(20);
    await Promise.race([this.driver.handBack().then(() => this.journal.drain()), pause(2000)]);
    this.journal.close();
    this.driver.dropAll();
    await pause(100);
    this.leave();
  }
}

/** What of the points a batch stands for: the rarest thing in it. */
function pointsOf(records: readonly RunRecord[]): [Point, Point] {
  if (records.some(({ change }) => change.finishedAt !== null)) return ['finish', 'finished'];
  if (records.some(({ change }) => change.release)) return ['park', 'parked'];
  if (records.some(({ steps }) => steps.some((step) => step.status === 'waiting'))) {
    return ['suspend', 'suspended'];
  }
  return ['write', 'written'];
}
