import { sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';

export interface AuditRetentionOptions {
  readonly db: Db;
  readonly onPruned: (events: number) => void;
  readonly onError: (error: unknown) => void;
}

/** The database refuses to remove younger events. */
const KEPT_DAYS = 365;
const PAGE = 1000;
const FIRST_MS = 120_000;
const ROUND_MS = 86_400_000;

/** Removes events older than a year, once a day. @returns the way to stop that. */
export function startAuditRetention({ db, onPruned, onError }: AuditRetentionOptions): () => Promise<void> {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const later = (ms: number): void => {
    timer = setTimeout(() => {
      running = pruneAudit(db, stopping.signal)
        .then((events) => {
          if (events > 0) onPruned(events);
        })
        .catch(onError)
        .then(() => {
          if (!stopping.signal.aborted) later(ROUND_MS);
        });
    }, ms).unref();
  };
  later(FIRST_MS);
  return async () => {
    stopping.abort();
    clearTimeout(timer);
    await running;
  };
}

/**
 * Removes the chain's oldest events up to the first one that is kept. Their links stay, so that the chain still goes
 * on from their hashes. @returns how many events were removed
 */
export async function pruneAudit(db: Db, signal?: AbortSignal): Promise<number> {
  let removed = 0;
  while (!signal?.aborted) {
    const { numAffectedRows } = await sql`
      delete from audit_events where id in (
        select c.event_id from audit_chain c join audit_events e on e.id = c.event_id
        where c.n < coalesce((
          select min(k.n) from audit_events y join audit_chain k on k.event_id = y.id
          where y.created_at >= now() - make_interval(days => ${KEPT_DAYS})), 9223372036854775807)
        and e.created_at < now() - make_interval(days => ${KEPT_DAYS})
        order by c.n limit ${PAGE})`.execute(db);
    const count = Number(numAffectedRows ?? 0);
    removed += count;
    if (count < PAGE) break;
  }
  return removed;
}
