import type { RunPlan } from '#domain/run/planned.ts';
import type { Clock } from '../clock.ts';
import type { Driver } from '../driver.ts';
import type { Journal } from '../journal.ts';
import type { NewRun, RunRecord } from '../run-record.ts';
import type { RunHead } from '../stored-run.ts';
import type { Chance } from './chance.ts';
import type { Database } from './database.ts';
import type { Action, Fault, Point } from './fault.ts';
import type { SimStep } from './node-type.ts';
import type { Expected } from './oracle.ts';
import type { Lane, Schedule } from './schedule.ts';
import type { JobRow } from './table.ts';

export type StartKind = 'queued' | 'local' | 'inline';

export interface Stats {
  /** Attempts of steps begun. */
  steps: number;
  effects: number;
  /** Effects that were seen more than once. */
  repeated: number;
  /** Effects of processes that had been taken for dead and could not know. */
  late: number;
  /** Runs freed from dead processes. */
  takeovers: number;
  /** Runs that only the look for strays brought back. */
  strays: number;
  faults: number;
}

/** A process as the others see it. */
export interface Member extends Lane {
  readonly id: string;
  readonly clock: Clock;
  readonly driver: Driver;
  readonly journal: Journal;
  readonly isPaused: boolean;
  /** Takes jobs and new runs. */
  readonly isAccepting: boolean;
  /** It did not leave by itself. */
  readonly wasLost: boolean;
  /** It may have been taken for dead without knowing. */
  mayBeLate: boolean;
  /** Starts a run as the engine does. @returns the run's id, once it is durable or over. */
  start(run: NewRun, kind: StartKind): Promise<string>;
  cancel(id: string): Promise<void>;
  /** Works on a job it has fetched. */
  work(job: JobRow): Promise<void>;
  /** It was taken for dead and goes on under another name. */
  replaced(): void;
}

/** A world as its parts see it. */
export interface Surroundings {
  readonly chance: Chance;
  readonly schedule: Schedule;
  readonly database: Database;
  readonly faults: readonly Fault[];
  readonly stats: Stats;
  /** The workflow that others start; it starts none itself. */
  readonly childWorkflow: number;
  /** The database cannot be reached. */
  readonly isAway: boolean;
  readonly membership: {
    readonly living: readonly Member[];
    readonly able: readonly Member[];
    byId(id: string): Member | undefined;
    holds(process: Member): boolean;
    left(process: Member): void;
    lapses(process: Member): void;
    giveUp(process: Member, formerId: string): void;
    unlockForgotten(process: Member, jobId: number): void;
  };
  readonly outside: {
    startChild(process: Member, step: SimStep): Promise<void>;
    answerLater(step: SimStep): void;
    tellCancel(id: string): void;
  };
  readonly watch: {
    violate(text: string): void;
    acknowledged(id: string): void;
    cancelled(id: string): void;
    claimed(process: Member, head: RunHead): void;
    begins(process: Member, step: SimStep): void;
    effect(process: Member, step: SimStep): void;
    published(process: Member, records: readonly RunRecord[]): void;
  };
  latency(): number;
  makeProcess(name: string): Member;
  planOf(versionId: number): RunPlan;
  expectedOf(versionId: number): Expected | null;
  reach(point: Point, process: Member): Action | null;
}
