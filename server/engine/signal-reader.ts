import type { Pool } from 'pg';
import type { StoredSignal } from './suspended-step.ts';

interface Waiting {
  readonly id: string;
  readonly resolve: (signals: readonly StoredSignal[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Row {
  readonly execution_id: string;
  readonly node: string;
  readonly scope: string;
  readonly source: string;
  readonly value: unknown;
}

/** Reads what the suspended steps of runs have been told. Questions that come together are one statement. */
export class SignalReader {
  private readonly pool: Pool;
  private waiting: Waiting[] = [];
  private isBusy = false;

  constructor(pool: Pool) {
    this.pool = pool;
  }

  read(id: string): Promise<readonly StoredSignal[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ id, resolve, reject });
      if (!this.isBusy) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.isBusy = true;
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, 1000);
      try {
        const { rows } = await this.pool.query<Row>({
          name: 'pipewright_signals',
          text: `select execution_id, node_id as node, scope, source, value from signals
                 where execution_id = any($1::uuid[])`,
          values: [[...new Set(batch.map((one) => one.id))]],
        });
        for (const one of batch) one.resolve(rows.filter((row) => row.execution_id === one.id));
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    this.isBusy = false;
  }
}
