import type { Point } from './fault.ts';
import type { Member, Surroundings } from './surroundings.ts';
import { DatabaseError } from './table.ts';

interface Statement<T> {
  readonly label: string;
  /** Before it is sent, and between its commit and its answer. */
  readonly points?: readonly [Point, Point] | undefined;
  readonly work: () => T;
}

const away = (): DatabaseError => new DatabaseError('ECONNREFUSED', 'connect ECONNREFUSED');
const broken = (): DatabaseError => new DatabaseError('ECONNRESET', 'Connection terminated unexpectedly');

/** Sends one statement from a process to the database and brings its answer back; either may be lost on its way. */
export function send<T>(world: Surroundings, process: Member, statement: Statement<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const { schedule } = world;
    const { label, points, work } = statement;
    const answer = (ms: number, heard: () => void): void => {
      schedule.after(process, ms, `${process.name} hears ${label}`, heard);
    };
    const before = points ? world.reach(points[0], process) : null;
    if (process.isDead) return;
    const wait = before === 'slow' ? world.chance.between(1000, 20_000) : world.latency();
    schedule.after(null, wait, label, () => {
      // The connection of a process that is gone may still deliver what was sent.
      if (process.isDead && world.chance.is(0.5)) return;
      if (world.isAway || before === 'refuse') {
        answer(world.latency(), () => reject(world.isAway ? away() : broken()));
        return;
      }
      let value: T;
      try {
        value = work();
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        answer(world.latency(), () => reject(error));
        return;
      }
      const after = points ? world.reach(points[1], process) : null;
      const back = after === 'slow' ? world.chance.between(1000, 20_000) : world.latency();
      answer(back, () => (after === 'lose' ? reject(broken()) : resolve(value)));
    });
  });
}
