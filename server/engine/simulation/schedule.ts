import { hashOf } from './chance.ts';

/** Whose work an entry is: what a dead one still had to do never happens, what a paused one had to do happens late. */
export interface Lane {
  readonly name: string;
  readonly isDead: boolean;
  /** Virtual milliseconds; in the past: it runs. */
  readonly pausedUntil: number;
}

interface Entry {
  time: number;
  readonly order: number;
  readonly lane: Lane | null;
  readonly label: string;
  readonly work: () => void;
  isOff: boolean;
}

/** Milliseconds since the epoch at which every simulation begins. */
const BEGIN = 1_800_000_000_000;

/** The one queue of a simulation: owns the time and every boundary between two pieces of work. */
export class Schedule {
  now = BEGIN;
  /** Of everything that has happened, in order. */
  hash = 0x811c9dc5;
  events = 0;
  private readonly heap: Entry[] = [];
  private readonly lines: string[] | null;
  private order = 0;
  private isStopped = false;

  constructor(lines: string[] | null) {
    this.lines = lines;
  }

  /** Milliseconds since the beginning. */
  get elapsed(): number {
    return this.now - BEGIN;
  }

  /** Runs `work` after `ms`; with a lane as part of it. @returns what calls it off. */
  after(lane: Lane | null, ms: number, label: string, work: () => void): () => void {
    if (lane?.isDead) return () => undefined;
    const entry = { time: this.now + Math.max(0, ms), order: this.order, lane, label, work, isOff: false };
    this.order += 1;
    this.push(entry);
    return () => {
      entry.isOff = true;
    };
  }

  /** Nothing happens any more. */
  stop(): void {
    this.isStopped = true;
  }

  /** A line of the trace; part of the hash. */
  note(text: string): void {
    this.hash = hashOf(text, this.hash);
    this.lines?.push(`${this.elapsed.toFixed(1).padStart(9)}  ${text}`);
  }

  /** Does everything there is to do, in the order of its time. Rejects with what `work` throws. */
  run(maxEvents: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (): void => {
        try {
          if (!this.doNext(maxEvents)) {
            resolve();
            return;
          }
        } catch (error) {
          reject(error);
          return;
        }
        // A tick asked for by a microtask comes when all promises have been followed to their end.
        queueMicrotask(() => process.nextTick(step));
      };
      process.nextTick(step);
    });
  }

  private doNext(maxEvents: number): boolean {
    if (this.isStopped) return false;
    for (let entry = this.pop(); entry; entry = this.pop()) {
      const { lane } = entry;
      if (entry.isOff || lane?.isDead) continue;
      if (lane && lane.pausedUntil > entry.time) {
        entry.time = lane.pausedUntil;
        this.push(entry);
        continue;
      }
      this.now = Math.max(this.now, entry.time);
      this.events += 1;
      if (this.events > maxEvents) throw new Error(`It never comes to rest: ${entry.label}.`);
      this.hash = hashOf(entry.label, this.hash ^ (this.elapsed * 1024));
      entry.work();
      return true;
    }
    return false;
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (!parent || isBefore(parent, entry)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = entry;
  }

  private pop(): Entry | undefined {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      const least = right && left && isBefore(right, left) ? right : left;
      if (!least || isBefore(last, least)) break;
      heap[at] = least;
      at = least === left ? 2 * at + 1 : 2 * at + 2;
    }
    heap[at] = last;
    return first;
  }
}

const isBefore = (a: Entry, b: Entry): boolean => a.time < b.time || (a.time === b.time && a.order < b.order);
