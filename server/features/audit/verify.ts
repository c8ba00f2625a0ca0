import { sql } from 'kysely';
import type { OutputOf } from '#contract/contract.ts';
import type { Db } from '#server/db/connection.ts';

type Verdict = OutputOf<'audit', 'verify'>;
type Broken = NonNullable<Verdict['broken']>;

/** Where the chain ended at some earlier time, as it was noted then. */
export interface NotedHead {
  readonly n: number;
  readonly hash: string;
}

interface Stretch {
  /** Links looked at; 0 at the end of the chain. */
  readonly links: number;
  readonly last: string;
  readonly checked: number;
  readonly pruned: number;
  readonly broken_n: string | null;
  readonly broken_id: string | null;
  readonly is_missing: boolean | null;
}

const STRETCH = 5000;

/**
 * Computes every hash of the chain again, from the database's rows. An event may be absent only at the chain's
 * beginning and only after its year; every later link must have its event, the right hash and the next number.
 */
export async function verifyAudit(db: Db, noted: NotedHead | null = null): Promise<Verdict> {
  let after = '0';
  let checked = 0;
  let pruned = 0;
  let broken: Broken | null = null;
  for (;;) {
    const stretch = await look(db, after, checked > 0);
    checked += stretch.checked;
    pruned += stretch.pruned;
    if (stretch.broken_n !== null) {
      const reason = stretch.is_missing ? ('missing' as const) : ('changed' as const);
      broken = { n: Number(stretch.broken_n), id: Number(stretch.broken_id), reason };
      break;
    }
    if (stretch.links < STRETCH) break;
    after = stretch.last;
  }
  broken ??= await unchained(db);
  broken ??= await cutOff(db, noted);
  const head = await db
    .selectFrom('audit_chain')
    .select(['n', 'hash'])
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();
  return {
    valid: broken === null,
    checked,
    pruned,
    broken,
    head: head ? { n: Number(head.n), hash: head.hash.toString('hex') } : null,
  };
}

/** The next links after number `after`; `begun`: an event has been there already, so none may be absent from now on. */
async function look(db: Db, after: string, begun: boolean): Promise<Stretch> {
  const { rows } = await sql<Stretch>`
    with part as (
      select n, event_id, created_at, hash from audit_chain where n > ${after}::bigint order by n limit ${STRETCH}
    ), linked as (
      select p.n, p.event_id, p.hash, e.id is null as absent,
        p.n = coalesce(lag(p.n) over w, ${after}::bigint) + 1 as is_next,
        bool_or(e.id is not null) over w as begun,
        p.created_at < now() - interval '365 days' as is_old,
        e.id is not null and p.hash = audit_digest(coalesce(lag(p.hash) over w,
          (select hash from audit_chain where n = ${after}::bigint), ''::bytea), e) as is_right
      from part p left join audit_events e on e.id = p.event_id window w as (order by p.n)
    ), judged as (
      select *, absent and is_old and not begun and not ${begun}::boolean as is_pruned from linked
    ), wrong as (
      select n, event_id, absent or not is_next as is_missing from judged
      where not is_next or (not is_pruned and not is_right) order by n limit 1
    )
    select count(*)::int as links, max(n)::text as last,
      (count(*) filter (where not absent))::int as checked, (count(*) filter (where is_pruned))::int as pruned,
      (select n::text from wrong) as broken_n, (select event_id::text from wrong) as broken_id,
      (select is_missing from wrong) as is_missing
    from judged`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('An aggregate gave no row.');
  return row;
}

async function unchained(db: Db): Promise<Broken | null> {
  const row = await db
    .selectFrom('audit_events')
    .select('id')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('audit_chain').select('n').whereRef('audit_chain.event_id', '=', 'audit_events.id'),
        ),
      ),
    )
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row ? { n: 0, id: Number(row.id), reason: 'unchained' } : null;
}

/** A chain whose end was cut off is whole in itself; only who noted its head notices. */
async function cutOff(db: Db, noted: NotedHead | null): Promise<Broken | null> {
  if (!noted) return null;
  const row = await db
    .selectFrom('audit_chain')
    .select(['event_id', 'hash'])
    .where('n', '=', String(noted.n))
    .executeTakeFirst();
  if (row?.hash.toString('hex') === noted.hash.toLowerCase()) return null;
  return { n: noted.n, id: Number(row?.event_id ?? 0), reason: 'head' };
}
