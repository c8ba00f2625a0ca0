import type { NewRun } from '../run-record.ts';
import type { SimStep } from './node-type.ts';
import { TRIGGER } from './random-graph.ts';
import type { Member, StartKind, Surroundings } from './surroundings.ts';
import type { RunRow } from './table.ts';
import { isLive } from './table.ts';

/** The deadline of runs that are not meant to reach it. */
export const DAY_MS = 86_400_000;
const CLIENT_PATIENCE_MS = 15_000;
const CANCEL_LOOK_MS = 1000;

/** Everybody else: who starts runs, stops them, answers them, and what carries announcements between processes. */
export class Outside {
  private readonly world: Surroundings;

  constructor(world: Surroundings) {
    this.world = world;
  }

  /** Starts a run of a workflow some time soon, on some process; a client with a key tries again. */
  startLater(workflow: number, name: string): void {
    const { schedule, chance } = this.world;
    const kind = chance.pick(['queued', 'local', 'inline', 'queued'] as const);
    const key = kind !== 'inline' && chance.is(0.5) ? `key ${name}` : null;
    const deadlineMs = chance.is(0.08) ? chance.between(500, 20_000) : DAY_MS;
    schedule.after(null, chance.between(0, 1500), `start ${name}`, () =>
      this.start({ workflow, name, kind, key, deadlineMs }, 1),
    );
    if (chance.is(0.15)) this.cancelLater(name, chance.between(100, 5000), 1);
  }

  private start(
    wanted: { workflow: number; name: string; kind: StartKind; key: string | null; deadlineMs: number },
    attempt: number,
  ): void {
    const { schedule, chance, watch } = this.world;
    const again = (ms: number): void => {
      if (wanted.key !== null && attempt < 20) {
        schedule.after(null, ms, `start ${wanted.name} again`, () => this.start(wanted, attempt + 1));
      }
    };
    const process = this.accepting();
    if (!process) {
      schedule.after(null, 300, `start ${wanted.name}`, () => this.start(wanted, attempt));
      return;
    }
    // The first try has the plain name, so that it can be cancelled by it.
    const id = attempt === 1 ? wanted.name : `${wanted.name}.${attempt}`;
    const run = this.newRun(id, { ...wanted, owner: process, parent: null });
    const giveUp =
      wanted.kind === 'inline'
        ? () => undefined
        : schedule.after(null, CLIENT_PATIENCE_MS + chance.below(1000), `${id} is given up`, () => again(0));
    process.start(run, wanted.kind).then(
      (acknowledged) => {
        giveUp();
        watch.acknowledged(acknowledged);
      },
      () => {
        giveUp();
        again(chance.between(10, 500));
      },
    );
  }

  private accepting(): Member | undefined {
    return this.world.chance.pick(this.world.membership.able.filter((process) => process.isAccepting));
  }

  private newRun(
    id: string,
    about: {
      workflow: number;
      key: string | null;
      deadlineMs: number;
      owner: Member;
      parent: NewRun['parent'];
    },
  ): NewRun {
    const createdAt = about.owner.clock.now();
    return {
      id,
      environmentId: 1,
      workflowId: about.workflow,
      versionId: about.workflow,
      startedBy: null,
      triggerNode: TRIGGER,
      triggerKind: 'manual',
      triggerJson: '{}',
      idempotencyKey: about.key,
      deadlineAt: createdAt + about.deadlineMs,
      priority: 0,
      parent: about.parent,
      options: {},
      createdAt,
    };
  }

  /** Starts the run a step waits for; every attempt of the step finds the same one. */
  async startChild(process: Member, step: SimStep): Promise<void> {
    const { world } = this;
    const { runId, node, scope, key } = step;
    const parent = { executionId: runId, node, scope, source: 'child', rootId: runId, depth: 1 };
    for (let attempt = 1; ; attempt += 1) {
      const id = `${key.replaceAll(':', '.')}~${attempt}${process.name}`;
      const run = this.newRun(id, {
        workflow: world.childWorkflow,
        key,
        deadlineMs: DAY_MS,
        owner: process,
        parent,
      });
      try {
        await process.start(run, world.chance.pick(['queued', 'local'] as const));
        return;
      } catch {
        await new Promise<void>((resolve) => {
          world.schedule.after(process, 200, 'start child again', resolve);
        });
      }
    }
  }

  /** Answers what a step has asked, mostly once, mostly after it is suspended. */
  answerLater(step: SimStep): void {
    const { schedule, chance } = this.world;
    if (step.config.expires) return;
    for (const source of step.config.sources ?? []) {
      const times = chance.is(0.2) ? 2 : 1;
      for (let time = 0; time < times; time += 1) {
        const ms = chance.is(0.3) ? chance.between(0, 5) : chance.between(1, 3000);
        schedule.after(null, ms, `signal ${step.key}`, () => this.signal(step, source, time));
      }
    }
  }

  private signal(step: SimStep, source: string, value: number): void {
    const { schedule, database, isAway } = this.world;
    const { runId, node, scope } = step;
    if (isAway) schedule.after(null, 300, 'signal again', () => this.signal(step, source, value));
    else database.signal(runId, { node, scope, source, value });
  }

  /** A signal is announced to everybody: late, twice, or to nobody, who then asks when the line is up again. */
  tellSignal({ run }: RunRow): void {
    this.tell(
      'signalled',
      (process) => process.driver.get(run.id)?.signalled(),
      (process) => process.driver.askForSignals(),
    );
  }

  tellCancel(id: string): void {
    this.tell(
      'cancelled',
      (process) => process.driver.get(id)?.cancel(),
      () => undefined,
    );
    this.lookForCancelled(id);
  }

  private tell(what: string, hear: (process: Member) => void, onReconnect: (process: Member) => void): void {
    const { schedule, chance, membership } = this.world;
    for (const process of membership.living) {
      const times = chance.is(0.1) ? 2 : 1;
      if (chance.is(0.05)) {
        schedule.after(process, chance.between(20, 1500), `${process.name} listens again`, () =>
          onReconnect(process),
        );
        continue;
      }
      for (let time = 0; time < times; time += 1) {
        schedule.after(process, this.world.latency(), `${process.name} is told: ${what}`, () =>
          hear(process),
        );
      }
    }
  }

  /** Every process looks once a second whether one of its runs is to be stopped. */
  private lookForCancelled(id: string): void {
    const { schedule, chance, database, membership, isAway } = this.world;
    schedule.after(null, chance.between(1, CANCEL_LOOK_MS), 'look for cancelled', () => {
      const row = database.runs.get(id);
      if (!row || !isLive(row) || row.owner === null) return;
      const owner = membership.byId(row.owner);
      if (owner && !owner.isPaused && !isAway) owner.driver.get(id)?.cancel();
      this.lookForCancelled(id);
    });
  }

  private cancelLater(id: string, ms: number, attempt: number): void {
    const { schedule, watch } = this.world;
    schedule.after(null, ms, `cancel ${id}`, () => {
      const process = this.accepting();
      if (process) {
        process.cancel(id).then(
          () => watch.cancelled(id),
          () => this.cancelLater(id, 500, attempt + 1),
        );
      } else if (attempt < 10) this.cancelLater(id, 500, attempt + 1);
    });
  }
}
