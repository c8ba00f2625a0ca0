import type { RunPlan } from '#domain/run/planned.ts';
import { Chance } from './chance.ts';
import { Database } from './database.ts';
import type { Defect } from './defect.ts';
import { type Action, type Fault, faultText, type Point, randomFaults } from './fault.ts';
import { Membership } from './membership.ts';
import { type Expected, expected } from './oracle.ts';
import { Outside } from './outside.ts';
import { randomWorkflow, type SimWorkflow } from './random-graph.ts';
import { Schedule } from './schedule.ts';
import { SimProcess } from './sim-process.ts';
import type { Stats, Surroundings } from './surroundings.ts';
import type { JobRow } from './table.ts';
import { Watch } from './watch.ts';

const MAX_EVENTS = 60_000;

/** Everything there is in one simulation. */
export class World implements Surroundings {
  readonly chance: Chance;
  readonly schedule: Schedule;
  readonly database: Database;
  readonly membership: Membership;
  readonly outside: Outside;
  readonly watch: Watch;
  readonly faults: readonly Fault[];
  readonly stats: Stats = { steps: 0, effects: 0, repeated: 0, late: 0, takeovers: 0, strays: 0, faults: 0 };
  /** The workflow that others start; it starts none itself. */
  readonly childWorkflow = 0;
  private readonly workflows: readonly SimWorkflow[];
  private readonly outcomes = new Map<number, Expected | null>();
  private readonly reached = new Map<Point, number>();
  private awayUntil = 0;

  constructor(seed: number, options: { readonly defect: Defect | null; readonly lines: string[] | null }) {
    this.chance = new Chance(seed);
    this.schedule = new Schedule(options.lines);
    this.watch = new Watch(this);
    this.membership = new Membership(this);
    this.outside = new Outside(this);
    const { chance, schedule } = this;
    this.workflows = [
      randomWorkflow(chance, false),
      ...Array.from({ length: chance.between(1, 2) }, () => randomWorkflow(chance, true)),
    ];
    if (options.defect === 'skip-lost') for (const { plan } of this.workflows) loseSkips(plan);
    this.faults = randomFaults(chance);
    for (const fault of this.faults) schedule.note(`fault: ${faultText(fault)}`);
    this.database = new Database({
      now: () => schedule.now,
      defect: options.defect,
      onDue: (job) => this.dispatch(job),
      onPass: (processId, record) => this.watch.passes(processId, record),
      onCommit: (rows) => this.watch.committed(rows),
      onCancel: ({ run }) => this.outside.tellCancel(run.id),
      onSignal: (row) => this.outside.tellSignal(row),
    });
  }

  get isAway(): boolean {
    return this.awayUntil > this.schedule.now;
  }

  /** One way between a process and the database, in milliseconds. */
  latency(): number {
    const { chance } = this;
    return chance.is(0.03) ? chance.next() * 300 : 0.2 + chance.next() * 3;
  }

  makeProcess(name: string): SimProcess {
    return new SimProcess(this, name);
  }

  planOf(versionId: number): RunPlan {
    const workflow = this.workflows[versionId];
    if (!workflow) throw new Error(`There is no workflow ${versionId}.`);
    return workflow.plan;
  }

  /** What a run of a workflow comes to; null when that depends on what happens to be first. */
  expectedOf(versionId: number): Expected | null {
    const known = this.outcomes.get(versionId);
    if (known !== undefined) return known;
    const [child] = this.workflows;
    const workflow = this.workflows[versionId];
    const isOrdered = workflow?.isOrdered && (!workflow.hasChildren || child?.isOrdered);
    const childStatus = workflow?.hasChildren ? (this.expectedOf(this.childWorkflow)?.status ?? null) : null;
    const outcome = workflow && isOrdered ? expected(workflow.plan, childStatus) : null;
    this.outcomes.set(versionId, outcome);
    return outcome;
  }

  async run(): Promise<void> {
    const { chance, schedule, database, watch, stats } = this;
    for (let count = chance.between(1, 3); count > 0; count -= 1) this.membership.spawn();
    for (let run = chance.between(1, 4); run > 0; run -= 1) {
      this.outside.startLater(chance.below(this.workflows.length), `r${run}`);
    }
    for (;;) {
      await schedule.run(MAX_EVENTS);
      if (watch.failure !== null) return;
      const strays = database.requeueStrays();
      if (strays === 0) break;
      stats.strays += strays;
      schedule.note(`${strays} strays`);
      if (!this.mayLeaveBehind) watch.violate('A run was left behind, and no process was lost.');
    }
    watch.atRest();
  }

  /** Only a process that is lost, or taken for it, may leave a run behind for a while. */
  private get mayLeaveBehind(): boolean {
    return this.membership.all.some((process) => process.wasLost || process.mayBeLate);
  }

  /** A place where something may go wrong has been reached. @returns what does, if anything. */
  reach(point: Point, process: SimProcess): Action | null {
    const count = (this.reached.get(point) ?? 0) + 1;
    this.reached.set(point, count);
    const fault = this.faults.find((one) => one.point === point && one.nth === count);
    if (!fault || process.isDead) return null;
    this.stats.faults += 1;
    this.schedule.note(`${process.name}: ${faultText(fault)}`);
    this.strike(fault.action, process, point);
    return fault.action;
  }

  private strike(action: Action, process: SimProcess, point: Point): void {
    const { chance } = this;
    switch (action) {
      case 'crash':
        process.crash();
        return;
      case 'pause':
        process.pause(chance.pick([50, 900, 4000, 12_000, 40_000]));
        return;
      case 'cut':
        this.membership.cut(process);
        return;
      case 'stop':
        void process.stop(chance.between(0, 3000));
        return;
      case 'jump':
        process.jump(chance.pick([-30_000, -1500, 1500, 30_000]));
        return;
      case 'outage':
        this.awayUntil = this.schedule.now + chance.between(50, 8000);
        return;
      case 'lose':
        if (point === 'claimed' || point === 'started') this.membership.lookForForgotten(process);
        return;
      case 'refuse':
      case 'slow':
    }
  }

  /** Hands a job to some process once it is due. */
  private dispatch(job: JobRow, wait = 0): void {
    const { schedule, chance, database, membership } = this;
    const ms =
      Math.max(wait, job.runAt - schedule.now) + (chance.is(0.8) ? chance.next() * 5 : chance.below(500));
    schedule.after(null, ms, `job ${job.id}`, () => {
      if (database.jobs.get(job.id) !== job || job.lockedBy !== null || job.key === null) return;
      if (job.runAt > schedule.now) return;
      const process = chance.pick(membership.able.filter((one) => one.isAccepting));
      if (!process || this.isAway) {
        this.dispatch(job, 300);
        return;
      }
      job.lockedBy = process.id;
      schedule.after(
        process,
        this.latency(),
        `${process.name} gets job ${job.id}`,
        () => void process.work(job),
      );
    });
  }
}

/** Every branch forgets one way it may not take. */
function loseSkips(plan: RunPlan): void {
  for (const node of plan.nodes) {
    if (node.node.type !== 'choose') continue;
    const kept = node.outgoing.filter((edge) => edge.sourcePort !== 'no');
    if (kept.length > 0) Object.assign(node, { outgoing: kept });
  }
}
