import type { RunState } from '#domain/run/state.ts';
import type { RunRecord, StepRecord } from '../run-record.ts';
import { stepKey } from '../step-key.ts';
import type { RunHead } from '../stored-run.ts';
import type { SimStep } from './node-type.ts';
import { plainText } from './oracle.ts';
import { DAY_MS } from './outside.ts';
import { disagreement, endDisagreement, replayed } from './replay.ts';
import type { Member, Surroundings } from './surroundings.ts';
import { isFinalStatus, isLive, type RunRow } from './table.ts';

interface Seen {
  steps: Map<string, StepRecord>;
  events: number;
  isFinal: boolean;
}

/** How long after the request to stop a run a step of it may still begin, while nothing goes wrong. */
const CANCEL_MS = 1500;

/** Holds every promise of the engine against what happens, at every step of it. */
export class Watch {
  failure: string | null = null;
  /** Runs whose start somebody was told of. */
  readonly acknowledgedRuns = new Set<string>();
  private readonly world: Surroundings;
  private readonly seen = new Map<string, Seen>();
  /** What the records of a run said at its last commit. */
  private readonly states = new Map<string, RunState>();
  private readonly begun = new Set<string>();
  private readonly effects = new Map<string, number>();
  private readonly claims = new Map<string, number>();
  private readonly publishedTo = new Map<string, number>();

  constructor(world: Surroundings) {
    this.world = world;
  }

  violate(text: string): void {
    if (this.failure !== null) return;
    this.failure = text;
    this.world.schedule.note(`VIOLATION ${text}`);
    this.world.schedule.stop();
  }

  acknowledged(id: string): void {
    this.acknowledgedRuns.add(id);
    this.world.schedule.note(`${id} is acknowledged`);
  }

  /** Whoever stopped a run has been told so. */
  cancelled(id: string): void {
    const row = this.world.database.runs.get(id);
    // It may have been asked for before the run was there.
    if (row?.cancelAt && isLive(row) && this.world.faults.length === 0)
      this.violate(`${id} was stopped and is ${row.status}.`);
  }

  claimed(process: Member, { id, token }: RunHead): void {
    this.claims.set(`${process.name} ${id}`, token);
    this.world.schedule.note(`${process.id} claims ${id} (${token})`);
  }

  /** A process begins an attempt of a step. */
  begins(process: Member, step: SimStep): void {
    const { runId, node, scope, attempt, type, resumed } = step;
    const { schedule, database } = this.world;
    const place = `${runId} ${node}${scope} attempt ${attempt}`;
    schedule.note(`${process.id} begins ${place}${resumed ? ' again' : ''}`);
    this.world.stats.steps += 1;
    const token = this.claims.get(`${process.name} ${runId}`) ?? 0;
    const once = `${process.name} ${token} ${place} ${resumed !== null}`;
    if (this.begun.has(once) && !process.mayBeLate) this.violate(`${place} was begun twice by one owner.`);
    this.begun.add(once);
    const row = database.runs.get(runId);
    if (!row) return;
    if (row.owner !== process.id) {
      if (!process.mayBeLate)
        this.violate(`${place} was begun by ${process.id}, the run is ${row.status} of ${row.owner}.`);
      if (isActing(type)) this.world.stats.late += 1;
      return;
    }
    this.recordedBefore(row, step, place);
    if (isActing(type)) this.followsFromRecord(row, step, place);
    const { cancelAt } = row;
    if (cancelAt !== null && this.world.faults.length === 0 && database.now - cancelAt > CANCEL_MS) {
      this.violate(`${place} was begun ${database.now - cancelAt} ms after the run was to be stopped.`);
    }
  }

  /** A step with a recorded result is never executed again. */
  private recordedBefore(row: RunRow, { node, scope, attempt, resumed }: SimStep, place: string): void {
    for (const stored of row.steps.values()) {
      if (stored.node !== node || stored.scope !== scope) continue;
      const goesOn = stored.attempt === attempt && stored.status === 'waiting' && resumed !== null;
      const isRetry = stored.attempt < attempt && stored.status === 'failed' && stored.resumeAt !== null;
      if (!goesOn && !isRetry) {
        this.violate(`${place} was begun, and is recorded as ${stored.status} (attempt ${stored.attempt}).`);
      }
    }
  }

  /** Nothing outside is touched before everything it follows from is on disk. */
  private followsFromRecord(row: RunRow, { node, scope, attempt, resumed }: SimStep, place: string): void {
    const at = this.states.get(row.run.id)?.scopes.get(scope);
    const planned = this.world.planOf(row.run.versionId).byId.get(node);
    const step = planned && at?.steps[planned.slot];
    const isRetry = step?.state === 'waiting' && step.attempt === attempt - 1;
    const goesOn = resumed !== null && step?.state === 'waiting' && step.attempt === attempt;
    const isRunning = resumed === null && step?.state === 'running' && step.attempt === attempt;
    if (!isRetry && !goesOn && !isRunning) {
      this.violate(
        `${place} acts, but by what is recorded it is ${step?.state ?? 'nowhere'} (${step?.attempt}).`,
      );
    }
  }

  /** The outside sees a call. */
  effect(process: Member, step: SimStep): void {
    const id = `${step.key} ${step.attempt}`;
    this.world.stats.effects += 1;
    this.world.schedule.note(`${process.id} acts: ${id}`);
    this.effects.set(id, (this.effects.get(id) ?? 0) + 1);
  }

  /** A process announces what it has committed. */
  published(process: Member, records: readonly RunRecord[]): void {
    for (const { id, events } of records) {
      const key = `${process.name} ${id}`;
      const last = this.publishedTo.get(key) ?? 0;
      const [first] = events;
      if (!first) continue;
      const stored = this.world.database.runs.get(id)?.events[first.seq - 1];
      if (first.seq <= last || stored?.type !== first.type) {
        this.violate(`${process.name} announced event ${first.seq} of ${id} after ${last}.`);
      }
      this.publishedTo.set(key, events.at(-1)?.seq ?? last);
    }
  }

  /** Only who owns a run, by its last claim, changes it. */
  passes(processId: string, { id, token, create }: RunRecord): void {
    const row = this.world.database.runs.get(id);
    if (create && !row) return;
    if (row?.owner === processId && row.token === token) return;
    this.violate(
      `${processId} (${token}) changes ${id}, which is ${row?.status} of ${row?.owner} (${row?.token}).`,
    );
  }

  /** A statement has committed something about these runs. */
  committed(rows: readonly RunRow[]): void {
    for (const row of rows) {
      const before = this.seen.get(row.run.id) ?? { steps: new Map(), events: 0, isFinal: false };
      if (before.isFinal) this.violate(`${row.run.id} was changed after its end.`);
      this.checkEvents(row, before.events);
      if (this.checkSteps(row, before.steps) || !isLive(row)) this.checkRow(row);
      this.checkJob(row);
      this.seen.set(row.run.id, {
        steps: new Map(row.steps),
        events: row.events.length,
        isFinal: !isLive(row),
      });
      this.world.schedule.note(
        `committed ${row.run.id} ${row.status} of ${row.owner}: ${row.nextSeq - 1} events`,
      );
    }
  }

  /** A run that is to go on by itself, and that nobody owns, is in the queue. */
  private checkJob({ run, status, owner, wakeAt }: RunRow): void {
    if (isFinalStatus(status) || owner !== null || (status === 'waiting' && wakeAt === null)) return;
    if (!this.world.database.jobs.byRun(run.id))
      this.violate(`${run.id} is ${status} of nobody, without a job.`);
  }

  private checkEvents({ run, events, nextSeq, status }: RunRow, from: number): void {
    for (let at = from; at < events.length; at += 1) {
      const event = events[at];
      if (event?.seq !== at + 1) this.violate(`${run.id}: event ${event?.seq} stands in place ${at + 1}.`);
      const before = events[at - 1];
      if (before && /^execution_(completed|failed|cancelled)$/.test(before.type)) {
        this.violate(`${run.id}: event ${event?.seq} comes after the end.`);
      }
    }
    if (nextSeq !== events.length + 1)
      this.violate(`${run.id}: ${events.length} events, the next is ${nextSeq}.`);
    const last = events.at(-1)?.type;
    if (isFinalStatus(status) && last !== `execution_${status}`) {
      this.violate(`${run.id} is ${status}, its last event says ${last}.`);
    }
  }

  /** @returns whether there is anything new. */
  private checkSteps({ run, steps }: RunRow, before: Map<string, StepRecord>): boolean {
    let isNew = steps.size > before.size;
    for (const [key, old] of before) {
      const now = steps.get(key);
      if (old === now) continue;
      isNew = true;
      if (old.status === 'waiting') continue;
      if (now?.status === old.status && now.outputJson === old.outputJson && now.n === old.n) continue;
      this.violate(
        `${run.id}: the record of ${key.replaceAll('\n', ' ')} was ${old.status}, now ${now?.status}.`,
      );
    }
    return isNew;
  }

  private checkRow(row: RunRow): void {
    const { run, status } = row;
    // Nobody has driven it yet.
    if (row.events.length === 0) return;
    const plan = this.world.planOf(run.versionId);
    const state = replayed(row, plan);
    this.states.set(run.id, state);
    const different = disagreement(row, state) ?? (isLive(row) ? null : endDisagreement(row, state));
    if (different) this.violate(`${run.id}: ${different}.`);
    for (const step of row.steps.values()) if (step.node.startsWith('loop')) this.checkLoop(run.id, step);
    if (!isFinalStatus(status)) return;
    row.endedAt ??= this.world.schedule.now;
    if (row.finishedAt === null || row.owner !== null) this.violate(`${run.id} has ended and is still held.`);
    const open = [...row.steps.values()].find((step) => step.status === 'waiting');
    if (open) this.violate(`${run.id} has ended, and ${open.node}${open.scope} waits.`);
    this.compareWithExpected(row);
  }

  /** Results are complete and in the order of the items. */
  private checkLoop(runId: string, { node, scope, status, outputJson, suspensionJson }: StepRecord): void {
    if (status !== 'success' || outputJson === null || suspensionJson === null) return;
    const { results } = JSON.parse(outputJson) as { results?: unknown[] };
    const { iterate } = JSON.parse(suspensionJson) as { iterate: { items: unknown[]; breakWhen: unknown[] } };
    if (!results || (iterate.breakWhen.length === 0 && results.length !== iterate.items.length)) {
      this.violate(`${runId} ${node}${scope}: ${results?.length} results for ${iterate.items.length} items.`);
    }
    for (const [index, result] of results?.entries() ?? []) {
      if (typeof result === 'string' && !['instead', 'late', 'none'].includes(result)) {
        if (!result.includes(`${scope}/${node}:${index}`)) {
          this.violate(`${runId} ${node}${scope}: result ${index} is ${result}.`);
        }
      }
    }
  }

  /** Whatever went wrong around it, a run comes to what it would have come to. */
  private compareWithExpected(row: RunRow): void {
    const { run, status, outputJson, errorJson } = row;
    if (row.cancelAt !== null) return;
    const error =
      errorJson === null ? null : (JSON.parse(errorJson) as { code: string; node: string | null });
    if (error?.node === null && error.code === 'timeout') {
      // So long a deadline only ends what hangs.
      if (run.deadlineAt - run.createdAt >= DAY_MS) this.violate(`${run.id} hung until its deadline.`);
      return;
    }
    const wanted = this.world.expectedOf(run.versionId);
    if (!wanted || error?.code === 'worker_lost') return;
    if (status !== wanted.status)
      this.violate(`${run.id} is ${status} instead of ${wanted.status}: ${errorJson}.`);
    else if (status === 'completed' && plainText(outputJson ?? '') !== wanted.output) {
      this.violate(`${run.id} gave ${outputJson} instead of ${wanted.output}.`);
    }
  }

  /** Nothing is left to do in the whole world. */
  atRest(): void {
    const { database, membership, stats, faults } = this.world;
    for (const id of this.acknowledgedRuns) {
      const row = database.runs.get(id);
      if (!row || isLive(row)) this.violate(`${id} was acknowledged and is ${row?.status ?? 'gone'}.`);
    }
    for (const row of database.live()) {
      this.violate(`${row.run.id} is ${row.status} of ${row.owner} for ever.`);
    }
    for (const { driver, journal, name } of membership.living) {
      if (driver.size > 0 || journal.size > 0) this.violate(`${name} still holds ${driver.size} runs.`);
    }
    const open = database.jobs.open((id) => database.processes.has(id));
    if (open > 0) this.violate(`${open} jobs are left.`);
    for (const [id, count] of this.effects) {
      stats.repeated += count - 1;
      if (count > 1 && faults.length === 0)
        this.violate(`${id} was done ${count} times, and nothing went wrong.`);
    }
    for (const row of database.runs.values()) this.checkEffects(row);
  }

  /** Every effect that is recorded was seen outside. */
  private checkEffects({ run, steps }: RunRow): void {
    for (const step of steps.values()) {
      if (step.status !== 'success' || !/^(call|ask|child)/.test(step.node)) continue;
      if (!this.effects.has(`${run.id}:${step.node}:${step.scope} ${step.attempt}`)) {
        this.violate(
          `${run.id} ${stepKey(step.node, step.scope, step.attempt)} is recorded and was never done.`,
        );
      }
    }
  }
}

const isActing = (type: string): boolean => /^(call|hang|ask|child)$/.test(type);
