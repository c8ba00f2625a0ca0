import type { Member, Surroundings } from './surroundings.ts';

const FORGOTTEN_LOOK_MS = 1000;
/** An answer may be slow, and then lost. */
const FORGOTTEN_LOOKS = 45;
const FORMER_LOOKS = 5;
const NOBODY: ReadonlySet<string> = new Set();

/** Who is alive, who is taken for dead, and what becomes of what they leave: rows, locks and the sweeper. */
export class Membership {
  private readonly world: Surroundings;
  /** Everybody there ever was. */
  readonly all: Member[] = [];
  private spawned = 0;

  constructor(world: Surroundings) {
    this.world = world;
  }

  get living(): Member[] {
    return this.all.filter((process) => !process.isDead);
  }

  /** Those that can do something now. */
  get able(): Member[] {
    return this.living.filter((process) => !process.isPaused);
  }

  byId(id: string): Member | undefined {
    return this.living.find((process) => process.id === id);
  }

  spawn(): Member {
    this.spawned += 1;
    const process = this.world.makeProcess(`p${this.spawned}`);
    this.all.push(process);
    this.enrol(process);
    return process;
  }

  private enrol({ id }: Member): void {
    this.world.database.processes.set(id, { id, isLocked: true });
    this.world.schedule.note(`${id} is here`);
  }

  /** Its session stands, and with it the lock that shows it is alive. */
  holds({ id }: Member): boolean {
    return this.world.database.processes.get(id)?.isLocked ?? false;
  }

  /** A process is gone; another one comes. */
  left(process: Member): void {
    const { schedule, chance } = this.world;
    schedule.note(`${process.name} is gone`);
    this.unlock(process.id);
    schedule.after(null, chance.between(100, 4000), 'a process starts', () => this.spawn());
  }

  /** It stands still for longer than its session lasts. */
  lapses(process: Member): void {
    const { schedule, chance } = this.world;
    const { id } = process;
    schedule.after(null, chance.between(7000, 10_000), `the session of ${id} ends`, () => {
      process.mayBeLate = true;
      this.unlock(id);
    });
    // What it still had to do when it stood still may come before it notices.
    schedule.after(process, 0, `${process.name} goes on`, () => {
      schedule.after(process, chance.between(0, 60), `${process.name} reconnects`, () =>
        this.reconnect(process),
      );
    });
  }

  /** Its session breaks. */
  cut(process: Member): void {
    const { schedule, chance } = this.world;
    process.mayBeLate = true;
    this.unlock(process.id);
    schedule.after(process, chance.between(5, 3000), `${process.name} reconnects`, () =>
      this.reconnect(process),
    );
  }

  private unlock(id: string): void {
    const row = this.world.database.processes.get(id);
    if (!row) return;
    row.isLocked = false;
    this.sweepLater(id, this.world.chance.between(1000, 2600));
  }

  private reconnect(process: Member): void {
    const { schedule, database, isAway } = this.world;
    if (isAway) {
      schedule.after(process, 300, `${process.name} reconnects`, () => this.reconnect(process));
      return;
    }
    const row = database.processes.get(process.id);
    if (row) row.isLocked = true;
    else {
      schedule.note(`${process.id} was taken for dead`);
      process.replaced();
      this.enrol(process);
      this.lookForForgotten(process);
    }
  }

  private sweepLater(id: string, ms: number): void {
    const { schedule, database } = this.world;
    schedule.after(null, ms, 'sweep', () => {
      const row = database.processes.get(id);
      if (!row || row.isLocked) return;
      const sweepers = this.able.filter((process) => process.id !== id);
      if (this.world.isAway || sweepers.length === 0) {
        this.sweepLater(id, 1000);
        return;
      }
      const freed = database.free(id);
      this.world.stats.takeovers += freed ?? 0;
      schedule.note(`${id} is dead: ${freed} runs are free`);
    });
  }

  /** A job handed out by a statement whose answer got lost goes back after a while. */
  unlockForgotten(process: Member, jobId: number): void {
    const { schedule, chance, database } = this.world;
    schedule.after(process, chance.between(10_000, 21_000), 'unlock forgotten', () => {
      database.jobs.unlock(process.id, [jobId]);
    });
  }

  /** What a process took up before it heard that it was taken for dead goes back at its next looks. */
  giveUp(process: Member, formerId: string, looks = FORMER_LOOKS): void {
    const { schedule, chance, database } = this.world;
    const ms = looks === FORMER_LOOKS ? chance.between(0, FORGOTTEN_LOOK_MS) : FORGOTTEN_LOOK_MS;
    if (looks === 0) return;
    schedule.after(process, ms, `${process.name} gives up what was ${formerId}'s`, () => {
      const owned = database.live().filter(({ owner }) => owner === formerId);
      if (!this.world.isAway)
        database.giveBack(
          formerId,
          owned.map(({ run }) => run.id),
        );
      this.giveUp(process, formerId, this.world.isAway ? looks : looks - 1);
    });
  }

  /** Looks once a second, from the loss of an answer on, for runs this process owns without knowing. */
  lookForForgotten(process: Member, looks = FORGOTTEN_LOOKS, suspects: ReadonlySet<string> = NOBODY): void {
    const { schedule, chance, database } = this.world;
    if (looks === 0) return;
    const ms = looks === FORGOTTEN_LOOKS ? chance.between(0, FORGOTTEN_LOOK_MS) : FORGOTTEN_LOOK_MS;
    schedule.after(process, ms, `${process.name} looks for forgotten runs`, () => {
      if (this.world.isAway) {
        this.lookForForgotten(process, looks, suspects);
        return;
      }
      const unknown = database
        .live()
        .filter(({ owner, run }) => owner === process.id && !process.driver.isInHand(run.id))
        .map(({ run }) => run.id);
      const forgotten = unknown.filter((id) => suspects.has(id));
      if (forgotten.length > 0) database.giveBack(process.id, forgotten);
      this.lookForForgotten(process, looks - 1, new Set(unknown));
    });
  }
}
