import type { Pool } from 'pg';
import { QuestionBatch } from './question-batch.ts';
import type { StoredSignal } from './suspended-step.ts';

interface Row {
  readonly execution_id: string;
  readonly node: string;
  readonly scope: string;
  readonly source: string;
  readonly value: unknown;
}

/** Reads what the suspended steps of runs have been told. */
export class SignalReader {
  private readonly batch: QuestionBatch<Row[]>;

  constructor(pool: Pool) {
    this.batch = new QuestionBatch(async (ids) => {
      const { rows } = await pool.query<Row>({
        name: 'pipewright_signals',
        text: `select execution_id, node_id as node, scope, source, value from signals
               where execution_id = any($1::uuid[])`,
        values: [ids],
      });
      return Map.groupBy(rows, (row) => row.execution_id);
    });
  }

  async read(id: string): Promise<readonly StoredSignal[]> {
    return (await this.batch.ask(id)) ?? [];
  }
}
