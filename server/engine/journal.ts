import { backoffOn, type Clock } from './clock.ts';
import { isPassing } from './database-error.ts';
import type { EngineLog } from './interface.ts';
import { MAX_RUNS } from './journal-statement.ts';
import type { JournalStore } from './journal-store.ts';
import type { EngineMeter } from './meter.ts';
import type { RecordSource, RunRecord } from './run-record.ts';

export interface JournalOptions {
  readonly store: JournalStore;
  /** The id under which this process owns runs now. */
  readonly processId: () => string;
  /** Called for every committed record, before its source hears of it. */
  readonly publish: (records: readonly RunRecord[]) => void;
  readonly log: EngineLog;
  readonly clock: Clock;
  readonly meter?: EngineMeter;
}

interface Entry {
  readonly source: RecordSource;
  readonly record: RunRecord;
}

/** How long progress that nobody waits for may gather before it is written. */
const LAZY_MS = 20;
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * The one writer of run history in this process. Whatever all runs have gathered while the last statement was on
 * its way becomes the next statement. While the database is away it keeps trying; nothing is reordered or dropped.
 */
export class Journal {
  private readonly options: JournalOptions;
  private readonly dirty = new Set<RecordSource>();
  private readonly busy = new Set<RecordSource>();
  private lazy: (() => void) | undefined;
  private writing: Promise<void> | null = null;
  private closed = false;

  constructor(options: JournalOptions) {
    this.options = options;
  }

  get size(): number {
    return this.dirty.size + this.busy.size;
  }

  /** `source` has something to write; `urgent` when somebody waits for it. */
  mark(source: RecordSource, urgent: boolean): void {
    this.dirty.add(source);
    if (urgent) this.wake();
    else this.lazy ??= this.options.clock.after(LAZY_MS, () => this.wake());
  }

  /** Forgets what `source` still wants written. */
  forget(source: RecordSource): void {
    this.dirty.delete(source);
  }

  /** Resolves when everything marked so far is written. */
  async drain(): Promise<void> {
    while (!this.closed && (this.dirty.size > 0 || this.writing)) {
      this.wake();
      await this.writing;
    }
  }

  /** Gives up what cannot be written: the database may be gone for good. */
  close(): void {
    this.closed = true;
    this.lazy?.();
  }

  private wake(): void {
    this.lazy?.();
    this.lazy = undefined;
    if (this.writing || this.closed) return;
    this.writing = this.work().finally(() => {
      this.writing = null;
      if (this.dirty.size > 0) this.wake();
    });
  }

  private async work(): Promise<void> {
    // Let everything that is ready in this turn of the loop come along.
    await this.options.clock.breath();
    for (let entries = this.collect(); entries.length > 0 && !this.closed; entries = this.collect()) {
      await this.write(entries);
    }
  }

  private collect(): Entry[] {
    const entries: Entry[] = [];
    let bytes = 0;
    for (const source of this.dirty) {
      if (entries.length >= MAX_RUNS || bytes > MAX_BYTES) break;
      this.dirty.delete(source);
      const record = source.take();
      if (!record) continue;
      bytes += sizeOf(record);
      entries.push({ source, record });
      this.busy.add(source);
    }
    return entries;
  }

  private async write(entries: readonly Entry[]): Promise<void> {
    for (let attempt = 0; !this.closed; attempt += 1) {
      const began = performance.now();
      try {
        const { store, processId } = this.options;
        const live = await store.write(
          processId(),
          entries.map((entry) => entry.record),
        );
        const missed = entries.filter((entry) => !live.has(entry.record.id));
        this.measure(entries, began);
        // After an error an earlier try may have been committed without our hearing of it.
        const missing = missed.map((entry) => entry.record);
        const written = missing.length > 0 ? await store.alreadyWritten(missing) : live;
        this.settle(entries, (id) => live.has(id) || written.has(id));
        return;
      } catch (error) {
        if (!isPassing(error)) {
          await this.isolate(entries, error);
          return;
        }
        if (attempt === 0)
          this.options.log('warn', 'The database does not answer; run history waits.', {
            error: String(error),
          });
        await backoffOn(this.options.clock, attempt);
      }
    }
    for (const { source, record } of entries) this.finish(source, () => source.rejected(record, 'lost'));
  }

  private measure(entries: readonly Entry[], began: number): void {
    const steps = entries.reduce((sum, { record }) => sum + record.steps.length, 0);
    const seconds = (performance.now() - began) / 1000;
    this.options.meter?.journalWritten({ runs: entries.length, steps, seconds });
  }

  private settle(entries: readonly Entry[], isLive: (id: string) => boolean): void {
    this.options.publish(entries.flatMap(({ record }) => (isLive(record.id) ? record : [])));
    for (const { source, record } of entries) {
      this.finish(source, () => {
        if (isLive(record.id)) source.committed(record);
        else source.rejected(record, 'lost');
      });
    }
  }

  /** The database refuses the statement as such: find the run that is to blame, so that the others go on. */
  private async isolate(entries: readonly Entry[], error: unknown): Promise<void> {
    const [only] = entries;
    if (only && entries.length === 1) {
      this.options.log('error', 'A run cannot be recorded.', { run: only.record.id, error: String(error) });
      this.finish(only.source, () => only.source.rejected(only.record, 'unrecordable'));
      return;
    }
    for (const entry of entries) await this.write([entry]);
  }

  private finish(source: RecordSource, tell: () => void): void {
    this.busy.delete(source);
    tell();
  }
}

function sizeOf(record: RunRecord): number {
  let bytes = 1000 + (record.change.outputJson?.length ?? 0) + (record.create?.triggerJson.length ?? 0);
  for (const step of record.steps)
    bytes += 200 + (step.inputJson?.length ?? 0) + (step.outputJson?.length ?? 0);
  return bytes;
}
