import type { Pool } from 'pg';
import pg from 'pg';
import type { RunEvent, RunEvents } from '#domain/run/event.ts';
import { backoff } from './database-error.ts';
import type { EngineLog } from './interface.ts';
import type { RunRecord } from './run-record.ts';
import { SIGNALLED } from './signal.ts';

export interface EventOptions {
  readonly pool: Pool;
  readonly url: string;
  readonly processId: () => string;
  /** Somebody in another process wants this run stopped. */
  readonly onCancel: (executionId: string) => void;
  /** A suspended step of this run may go on; null: announcements may have been lost. */
  readonly onSignal: (executionId: string | null) => void;
  readonly log: EngineLog;
}

type Listener = (batch: RunEvents) => void;

interface ChunkRow {
  id: string;
  execution_id: string;
  workflow_id: number;
  environment_id: number;
  root_id: string;
  root_workflow: number | null;
  parent_node: string | null;
  events: RunEvent[];
}

const CHUNKS = `
select c.id, c.execution_id, e.workflow_id, e.environment_id, c.events, e.root_id, e.parent_node,
  case when e.depth > 0 then (select r.workflow_id from executions r where r.id = e.root_id) end as root_workflow
from event_chunks c join executions e on e.id = c.execution_id`;
const POLL_MS = 1000;
/** As long as a sweep of another process may take to notice this one. */
const GREETING_MS = 5000;
/** Numbers may become visible out of order; a poll looks back this far. */
const LOOK_BACK = 1000;
const MAX_REMEMBERED = 20_000;

/** Hands committed events to whoever listens in this process, whichever process wrote them. */
export class EventHub {
  private readonly options: EventOptions;
  private readonly listeners = new Set<Listener>();
  /** The last number delivered, by run: chunks may be read twice. */
  private readonly delivered = new Map<string, number>();
  private client: pg.Client | null = null;
  private pending: string[] = [];
  private reading: Promise<void> | null = null;
  private lastChunk = 0;
  /** What a poll may come upon but was there before this process: nobody here waits for it. */
  private old: ReadonlySet<string> = new Set();
  private poll: NodeJS.Timeout | undefined;
  private greeting: NodeJS.Timeout | undefined;
  private greetingPoll: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(options: EventOptions) {
    this.options = options;
  }

  /** @throws when the database cannot be reached. */
  async start(): Promise<void> {
    await this.listen();
    const { rows } = await this.options.pool.query<{ id: string }>(
      'select id from event_chunks order by id desc limit $1',
      [LOOK_BACK],
    );
    this.old = new Set(rows.map(({ id }) => id));
    this.lastChunk = Math.max(this.lastChunk, Number(rows[0]?.id ?? 0));
    // The others may think for a moment still that nobody but them is there, and announce nothing.
    const first = setInterval(() => this.catchUp(), POLL_MS);
    this.greeting = setTimeout(() => clearInterval(first), GREETING_MS);
    this.greetingPoll = first;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.poll);
    clearInterval(this.greetingPoll);
    clearTimeout(this.greeting);
    const { client } = this;
    this.client = null;
    await client?.end();
    await this.reading;
  }

  subscribe(listener: Listener): () => void {
    const own: Listener = (batch) => listener(batch);
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  /** Events this process has just committed. Also where nobody listens: a later poll is not to bring them again. */
  publish(records: readonly RunRecord[]): void {
    for (const { id, workflowId, environmentId, root, events } of records) {
      if (events.length === 0) continue;
      this.deliver({ executionId: id, workflowId, environmentId, ...(root && { root }), events });
    }
  }

  private deliver(batch: RunEvents): void {
    const last = this.delivered.get(batch.executionId) ?? 0;
    const events =
      batch.events[0] && batch.events[0].seq > last ? batch.events : batch.events.filter((e) => e.seq > last);
    const end = events.at(-1);
    if (!end) return;
    this.delivered.delete(batch.executionId);
    this.delivered.set(batch.executionId, end.seq);
    if (this.delivered.size > MAX_REMEMBERED) {
      const [oldest] = this.delivered.keys();
      if (oldest !== undefined) this.delivered.delete(oldest);
    }
    for (const listener of this.listeners) {
      try {
        listener({ ...batch, events });
      } catch (error) {
        this.options.log('error', 'A listener of run events failed.', { error: String(error) });
      }
    }
  }

  private async listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.options.url,
      keepAlive: true,
      connectionTimeoutMillis: 5000,
      application_name: 'pipewright events',
    });
    client.on('error', () => undefined);
    client.on('notification', (message) => this.onNotification(message.channel, message.payload ?? ''));
    await client.connect();
    try {
      await client.query('listen pipewright_events; listen pipewright_cancel; listen pipewright_signal');
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    if (this.isClosed) {
      await client.end();
      return;
    }
    this.client = client;
    client.once('end', () => {
      if (this.client !== client || this.isClosed) return;
      this.client = null;
      this.options.log('warn', 'The connection that brings run events was lost; polling meanwhile.');
      this.poll ??= setInterval(() => this.catchUp(), POLL_MS);
      void this.relisten();
    });
  }

  private async relisten(): Promise<void> {
    for (let attempt = 0; !this.isClosed; attempt += 1) {
      try {
        await this.listen();
        clearInterval(this.poll);
        this.poll = undefined;
        // Whatever was announced while nobody listened.
        this.catchUp();
        this.options.onSignal(null);
        return;
      } catch {
        await backoff(attempt);
      }
    }
  }

  private onNotification(channel: string, payload: string): void {
    if (channel === 'pipewright_cancel') {
      this.options.onCancel(payload);
      return;
    }
    if (channel === SIGNALLED) {
      this.options.onSignal(payload);
      return;
    }
    const [origin, list = ''] = payload.split(':');
    const ids = list.split(',');
    this.lastChunk = Math.max(this.lastChunk, Number(ids.at(-1)));
    if (origin === this.options.processId() || this.listeners.size === 0) return;
    this.pending.push(...ids);
    this.read();
  }

  private read(): void {
    if (this.reading || this.isClosed) return;
    this.reading = this.readPending()
      .catch((error: unknown) =>
        this.options.log('warn', 'Run events could not be read.', { error: String(error) }),
      )
      .finally(() => {
        this.reading = null;
        if (this.pending.length > 0) this.read();
      });
  }

  private async readPending(): Promise<void> {
    const ids = this.pending.splice(0, 1000);
    const { rows } = await this.options.pool.query<ChunkRow>(
      `${CHUNKS} where c.id = any($1::bigint[]) order by c.id`,
      [ids],
    );
    await this.deliverRows(rows);
  }

  private async deliverRows(rows: readonly ChunkRow[]): Promise<void> {
    for (const row of rows) {
      const last = this.delivered.get(row.execution_id);
      const first = row.events[0]?.seq ?? 0;
      if (last !== undefined && first > last + 1) await this.fillGap(row, last, first);
      this.deliver(batchOf(row));
    }
  }

  private async fillGap(row: ChunkRow, after: number, before: number): Promise<void> {
    const { rows } = await this.options.pool.query<ChunkRow>(
      `${CHUNKS} where c.execution_id = $1 and c.last_seq > $2 and c.first_seq < $3 order by c.first_seq`,
      [row.execution_id, after, before],
    );
    for (const missing of rows) this.deliver(batchOf(missing));
  }

  private catchUp(): void {
    if (this.listeners.size === 0 || this.isClosed) return;
    void this.options.pool
      .query<ChunkRow>(`${CHUNKS} where c.id > $1 order by c.id limit 5000`, [this.lastChunk - LOOK_BACK])
      .then(async ({ rows }) => {
        this.lastChunk = Math.max(this.lastChunk, Number(rows.at(-1)?.id ?? 0));
        await this.deliverRows(rows.filter(({ id }) => !this.old.has(id)));
      })
      .catch(() => undefined);
  }
}

const batchOf = (row: ChunkRow): RunEvents => ({
  executionId: row.execution_id,
  workflowId: row.workflow_id,
  environmentId: row.environment_id,
  ...(row.parent_node !== null && {
    root: { executionId: row.root_id, workflowId: row.root_workflow, parentNode: row.parent_node },
  }),
  events: row.events,
});

const CHUNKS_AT_ONCE = 50;

/** Stored events of one run with numbers above `afterSeq`, in order, at most `limit`. */
export async function readEvents(
  pool: Pool,
  executionId: string,
  afterSeq: number,
  limit: number,
): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for (let after = afterSeq; events.length < limit; after = events.at(-1)?.seq ?? after) {
    const { rows } = await pool.query<{ events: RunEvent[] }>(
      `select events from event_chunks where execution_id = $1 and last_seq > $2 order by first_seq limit ${CHUNKS_AT_ONCE}`,
      [executionId, after],
    );
    for (const row of rows) events.push(...row.events.filter((event) => event.seq > after));
    if (rows.length < CHUNKS_AT_ONCE) break;
  }
  return events.slice(0, limit);
}
