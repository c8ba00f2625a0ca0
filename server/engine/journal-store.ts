import type { Pool } from 'pg';
import { journalStatement } from './journal-statement.ts';
import type { RunRecord } from './run-record.ts';

/** Where run history is kept. */
export interface JournalStore {
  /** Commits what the process may write. @returns the ids of the runs that passed. */
  write(processId: string, records: readonly RunRecord[]): Promise<Set<string>>;
  /** Of those that did not pass, the runs that already stand where their record would put them. */
  alreadyWritten(records: readonly RunRecord[]): Promise<Set<string>>;
}

export class DatabaseJournalStore implements JournalStore {
  private readonly pool: Pool;
  private readonly isAlone: () => boolean;

  /** @param isAlone no other process has to hear of what is written: announcing it is a good part of the cost */
  constructor(pool: Pool, isAlone: () => boolean) {
    this.pool = pool;
    this.isAlone = isAlone;
  }

  async write(processId: string, records: readonly RunRecord[]): Promise<Set<string>> {
    const result = await this.pool.query<{ live: string[] | null }>(
      journalStatement(processId, !this.isAlone(), records),
    );
    return new Set(result.rows[0]?.live ?? []);
  }

  async alreadyWritten(records: readonly RunRecord[]): Promise<Set<string>> {
    const result = await this.pool.query<{ id: string; next_seq: number; owner_token: number }>(
      'select id, next_seq, owner_token from executions where id = any($1::uuid[])',
      [records.map((record) => record.id)],
    );
    const rows = new Map(result.rows.map((row) => [row.id, row]));
    const done = records.filter((record) => {
      const row = rows.get(record.id);
      if (!row || record.events.length === 0) return false;
      return row.next_seq === record.nextSeq && row.owner_token === record.token;
    });
    return new Set(done.map((record) => record.id));
  }
}
