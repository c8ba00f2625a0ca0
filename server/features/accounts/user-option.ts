import type { Db } from '#server/db/connection.ts';
import type { HashQueue } from './hash-queue.ts';
import type { Welcome } from './setup.ts';

export interface UserOptions {
  readonly db: Db;
  readonly hashing: HashQueue;
  /** What every new account starts with. */
  readonly welcomes: readonly Welcome[];
}
