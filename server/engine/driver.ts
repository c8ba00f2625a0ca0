import type { Failure } from '#domain/run/fact.ts';
import { PlanError } from '#domain/run/plan.ts';
import type { DriveContext } from './call-step.ts';
import type { Claimed, Claims } from './claim.ts';
import { backoffOn } from './clock.ts';
import { isPassing } from './database-error.ts';
import { Drive } from './drive.ts';
import type { DriveEnd } from './drive-end.ts';
import { RunsInHand } from './in-hand.ts';
import { EngineError, type EngineLog } from './interface.ts';
import { jsonText } from './json-text.ts';
import type { PlanCache } from './plan-cache.ts';
import { runEnd } from './run-end.ts';
import type { NewRun } from './run-record.ts';
import { RunWriter } from './run-writer.ts';
import type { RunHead } from './stored-run.ts';

export interface DriverOptions {
  readonly context: DriveContext;
  readonly claims: Pick<Claims, 'claim'>;
  readonly plans: Pick<PlanCache, 'load' | 'plan'>;
  readonly log: EngineLog;
  /** A run has given its slots back. */
  readonly onSlotFree: () => void;
}

interface Ending {
  readonly head: RunHead;
  readonly seq: number;
  readonly create: NewRun | null;
  readonly error: Failure;
}

/** All runs this process drives. */
export class Driver {
  private readonly options: DriverOptions;
  private readonly drives = new Map<string, Drive>();
  private readonly inHand = new RunsInHand();
  private isDraining = false;
  private isStopped = false;

  constructor(options: DriverOptions) {
    this.options = options;
  }

  get size(): number {
    return this.drives.size;
  }

  get(id: string): Drive | undefined {
    return this.drives.get(id);
  }

  /** Whether the run is driven here, or about to be. */
  isInHand(id: string): boolean {
    return this.drives.has(id) || this.inHand.has(id);
  }

  /** Counts the run as in hand until `work`, which makes it ours, is done. */
  taking<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.inHand.during(id, work);
  }

  /**
   * Takes a queued run over and drives it. Null when there is nothing to take over; waits out a lost database.
   * @throws EngineError `unavailable` when this process is stopping: somebody else is to do it.
   */
  claimAndDrive(id: string): Promise<DriveEnd | null> {
    return this.taking(id, () => this.claimUntilHeard(id));
  }

  private async claimUntilHeard(id: string): Promise<DriveEnd | null> {
    for (let attempt = 0; !this.isStopped; attempt += 1) {
      try {
        const claimed = await this.options.claims.claim(id);
        if (!claimed) return null;
        await this.options.plans.load([claimed.head.versionId]);
        const end = await this.driveOnce(claimed, null);
        if (end.kind !== 'parked' || !end.goOn) return end;
        attempt = 0;
      } catch (error) {
        if (!isPassing(error)) throw error;
        await backoffOn(this.options.context.clock, attempt);
      }
    }
    throw new EngineError('unavailable', 'This server is stopping. Try again shortly.');
  }

  /** Drives a run this process owns, or, with `create`, one that has no row yet. */
  async drive(claimed: Claimed, create: NewRun | null): Promise<DriveEnd> {
    const end = await this.driveOnce(claimed, create);
    if (end.kind !== 'parked' || !end.goOn || this.isStopped) return end;
    return (await this.claimAndDrive(claimed.head.id)) ?? end;
  }

  private async driveOnce({ head, steps }: Claimed, create: NewRun | null): Promise<DriveEnd> {
    const plan = this.options.plans.plan(head.versionId, head.triggerNode, head.options);
    if (plan instanceof PlanError) {
      const error = { message: plan.message, code: plan.code, node: null };
      return this.endAtOnce({ head, seq: head.nextSeq, create, error });
    }
    const drive = new Drive({ context: this.options.context, head, plan, steps, create });
    // Taken for dead without knowing, a process may claim anew what it still drives; the later claim counts.
    const other = this.drives.get(head.id);
    if (other && other.token > head.token) return { kind: 'lost' };
    other?.drop();
    this.drives.set(head.id, drive);
    drive.begin();
    if (this.isDraining) drive.drain();
    const end = await drive.done;
    if (this.drives.get(head.id) === drive) this.drives.delete(head.id);
    if (head.hasSlot) this.options.onSlotFree();
    if (end.kind !== 'unrecordable') return end;
    const message =
      'The database refused to store what this run produced, most likely because it is nested too deeply.';
    return this.endAtOnce({
      head,
      seq: end.seq,
      create: null,
      error: { message, code: 'not_recordable', node: null },
    });
  }

  /** Runs may have been told something while nobody listened. */
  askForSignals(): void {
    for (const drive of this.drives.values()) drive.signalled();
  }

  /** No new external steps; runs are handed back as they come to rest. */
  drain(): void {
    this.isDraining = true;
    for (const drive of this.drives.values()) drive.drain();
  }

  /** Hands every run back; resolves when that is recorded. */
  async handBack(): Promise<void> {
    this.isStopped = true;
    const open = [...this.drives.values()];
    for (const drive of open) drive.handBack();
    await Promise.all(open.map((drive) => drive.done));
  }

  /** This process no longer owns its runs. */
  dropAll(): void {
    for (const drive of this.drives.values()) drive.drop();
  }

  /** Records a failure without running anything. */
  private async endAtOnce({ head, seq, create, error }: Ending): Promise<DriveEnd> {
    const writer = new RunWriter({
      journal: this.options.context.journal,
      run: head,
      token: head.token,
      hasSlot: head.hasSlot,
      priority: head.priority,
      clock: this.options.context.clock,
      nextSeq: seq,
      nextStep: 1,
      create,
      onRejected: () => undefined,
    });
    const now = this.options.context.clock.now();
    if (seq === 1) writer.event('execution_started', now, { workflow_id: head.workflowId });
    writer.event('execution_failed', now, { error: error.message, error_code: error.code });
    try {
      const errorJson = jsonText(error);
      const end = runEnd(head, {
        status: 'failed',
        outputJson: null,
        errorJson,
        stopChildren: false,
        isRemembered: false,
      });
      await writer.set({ status: 'failed', errorJson, finishedAt: now, release: true, end });
      this.options.context.meter.runEnded('failed', (now - head.createdAt) / 1000);
    } catch {
      return { kind: 'lost' };
    }
    const result = { executionId: head.id, status: 'failed' as const, output: null, reply: null, error };
    return { kind: 'ended', result };
  }
}
