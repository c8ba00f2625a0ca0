import type { Pool } from 'pg';

/** Tables that change by themselves, or by a refusal: bookkeeping about callers and processes. */
const RESTLESS = new Set(['processes', 'audit_events', 'audit_chain', 'login_throttles', 'blobs']);
/** Columns that a mere look changes. */
const TOUCHED = ['last_used_at', 'last_seen_at'];

/** The rows of every table, as sorted lines of JSON by table. */
export type Dump = Readonly<Record<string, readonly string[]>>;

export async function dumpTables(pool: Pool): Promise<Dump> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  const names = tables.map(({ name }) => name).filter((name) => !RESTLESS.has(name));
  const selects = names.map(
    (name) =>
      `select '${name}' as name, coalesce(array_agg(t.line order by t.line), '{}') as lines
       from (select (to_jsonb(every_row) - '{${TOUCHED.join(',')}}'::text[])::text as line from "${name}" every_row) t`,
  );
  const { rows } = await pool.query<{ name: string; lines: string[] }>(selects.join(' union all '));
  return Object.fromEntries(rows.map(({ name, lines }) => [name, lines]));
}

/** The lines that only one of the two has, with `+` and `-`. */
export function differences(before: Dump, after: Dump): string[] {
  return Object.keys({ ...before, ...after }).flatMap((table) => {
    const [old, now] = [before[table] ?? [], after[table] ?? []];
    const [had, has] = [new Set(old), new Set(now)];
    return [
      ...old.filter((line) => !has.has(line)).map((line) => `- ${table} ${line}`),
      ...now.filter((line) => !had.has(line)).map((line) => `+ ${table} ${line}`),
    ];
  });
}
