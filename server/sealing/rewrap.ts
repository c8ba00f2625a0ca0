import { type Kysely, sql } from 'kysely';
import { placeIn, SEALED_COLUMNS, type SealedColumn } from './sealed-column.ts';
import { SealError, type Sealed, type Sealer } from './sealer.ts';

// Any database with sealed columns: the registry names tables that Kysely's types need not know.
type AnyDb = Kysely<never>;

const BATCH = 200;

export interface Rewrapped {
  readonly done: number;
  /** Rows whose key is not here, or that were tampered with: `table id`. */
  readonly shut: readonly string[];
}

/**
 * Puts every sealed value under the current key, batch by batch. Values stay readable all the while. Interrupted and
 * called again it goes on where it was; called once more it does nothing.
 */
export async function rewrapAll(
  db: AnyDb,
  sealer: Sealer,
  columns: readonly SealedColumn[] = SEALED_COLUMNS,
): Promise<Rewrapped> {
  let done = 0;
  const shut: string[] = [];
  for (const column of columns) {
    let after: string | null = null;
    for (;;) {
      const batch = await rewrapBatch(db, sealer, { column, after });
      done += batch.done;
      shut.push(...batch.shut.map((id) => `${column.table} ${id}`));
      if (batch.last === null) break;
      after = batch.last;
    }
  }
  return { done, shut };
}

/** How many values are under another key than the current one. */
export async function countOld(
  db: AnyDb,
  sealer: Sealer,
  columns: readonly SealedColumn[] = SEALED_COLUMNS,
): Promise<number> {
  let count = 0;
  for (const { table, sealed, keyId } of columns) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(table)}
      where ${sql.ref(sealed)} is not null and ${sql.ref(keyId)} <> ${sealer.currentKeyId}
    `.execute(db);
    count += rows[0]?.count ?? 0;
  }
  return count;
}

/** Whether anything is sealed at all. */
export async function hasSealed(
  db: AnyDb,
  columns: readonly SealedColumn[] = SEALED_COLUMNS,
): Promise<boolean> {
  for (const { table, sealed } of columns) {
    const { rows } = await sql`
      select from ${sql.table(table)} where ${sql.ref(sealed)} is not null limit 1
    `.execute(db);
    if (rows.length > 0) return true;
  }
  return false;
}

interface Batch {
  readonly column: SealedColumn;
  /** The key up to which is done. */
  readonly after: string | null;
}

interface Row {
  readonly id: string;
  readonly tenant: string;
  readonly row: string;
  readonly sealed: Buffer;
  readonly key_id: string;
}

function rewrapBatch(db: AnyDb, sealer: Sealer, { column, after }: Batch) {
  const { table, sealed, keyId, tenant, row } = column;
  const id = sql<string>`concat_ws(',', ${sql.join(column.key.map((name) => sql.ref(`t.${name}`)))})`;
  const tenantText = 'column' in tenant ? sql`${sql.ref(tenant.column)}::text` : sql`${tenant.all}::text`;
  return inTransaction(db, async (trx) => {
    const beyond = after === null ? sql`true` : sql`${id} > ${after}`;
    const { rows } = await sql<Row>`
      select ${id} as id, ${tenantText} as tenant, ${sql.ref(row)}::text as row,
        ${sql.ref(sealed)} as sealed, ${sql.ref(keyId)} as key_id
      from ${sql.table(table)} as t
      where ${sql.ref(sealed)} is not null and ${sql.ref(keyId)} <> ${sealer.currentKeyId} and ${beyond}
      order by 1 limit ${BATCH} for update
    `.execute(trx);
    const results = rows.map((one) => ({ id: one.id, fresh: rewrapped(sealer, column, one) }));
    const shut = results.filter(({ fresh }) => fresh === null).map((one) => one.id);
    const fresh = results.flatMap((one) => (one.fresh ? [{ id: one.id, sealed: one.fresh.sealed }] : []));
    if (fresh.length > 0) {
      const ids = fresh.map((one) => one.id);
      const values = fresh.map((one) => one.sealed);
      await sql`
        update ${sql.table(table)} as t set ${sql.ref(sealed)} = v.sealed, ${sql.ref(keyId)} = ${sealer.currentKeyId}
        from (select unnest(${ids}::text[]) as id, unnest(${values}::bytea[]) as sealed) v where ${id} = v.id
      `.execute(trx);
    }
    return { done: rows.length - shut.length, shut, last: rows.at(-1)?.id ?? null };
  });
}

/** Null: it cannot be opened. */
function rewrapped(
  sealer: Sealer,
  column: SealedColumn,
  { tenant, row, sealed, key_id }: Row,
): Sealed | null {
  try {
    return sealer.rewrap({ sealed, keyId: key_id }, placeIn(column, tenant, row));
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}

/** Kysely opens no transaction within one. */
const inTransaction = <T>(db: AnyDb, work: (trx: AnyDb) => Promise<T>): Promise<T> =>
  db.isTransaction ? work(db) : db.transaction().execute(work);
