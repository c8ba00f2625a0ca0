import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import {
  CREDENTIAL_TYPES,
  CREDENTIAL_USES,
  type CredentialType,
  type CredentialUse,
} from '#domain/credential/kind.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import type { Viewer } from '../handler.ts';
import { credentialOutOf, visible, withColumns } from './row.ts';

export interface ListRequest {
  readonly limit: number;
  readonly offset: number;
  readonly q?: string | undefined;
  readonly type?: string | undefined;
  readonly use?: string | undefined;
  readonly sort?: string | undefined;
}

type Found = SelectQueryBuilder<Database, 'credentials', object>;

const SORTED_BY: Readonly<Record<string, string>> = {
  id: 'credentials.id',
  name: 'lower(credentials.name)',
  type: 'credentials.type',
  created_at: 'credentials.created_at',
  updated_at: 'credentials.updated_at',
  last_used_at: 'credentials.last_used_at',
};

const isType = (text: string): text is CredentialType =>
  (CREDENTIAL_TYPES as readonly string[]).includes(text);
const isUse = (text: string): text is CredentialUse => (CREDENTIAL_USES as readonly string[]).includes(text);
const shown = (name: string) => sql<string>`credentials.public_detail->>${sql.lit(name)}`;

/** As `usesOf` says it of one. */
const USABLE: Readonly<Record<CredentialUse, RawBuilder<SqlBool>>> = {
  llm: sql<SqlBool>`credentials.type = 'llm'`,
  gateway: sql<SqlBool>`credentials.type = 'gateway'`,
  git: sql<SqlBool>`credentials.type = 'git'`,
  smtp: sql<SqlBool>`credentials.type = 'tool' and ${shown('tool_type')} = 'smtp'`,
  http: sql<SqlBool>`(credentials.type = 'llm' or (credentials.type = 'tool' and ${shown('tool_type')} = 'http')
    or (credentials.type = 'git' and ${shown('credential_type')} is distinct from 'ssh_key'))`,
};

/** Oldest first unless told otherwise. A type or use that does not exist gives an empty page. */
export async function listCredentials(db: Db, viewer: Viewer, request: ListRequest) {
  const found = filtered(visible(db, viewer), request);
  if (!found) return { items: [], total: 0 };
  const { total } = await found.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  if (request.limit === 0) return { items: [], total };
  const rows = await sorted(withColumns(found), request.sort ?? '')
    .limit(request.limit)
    .offset(request.offset)
    .execute();
  return { items: rows.map(credentialOutOf), total };
}

function filtered(query: Found, { q = '', type = '', use = '' }: ListRequest): Found | null {
  let found = query;
  if (type !== '') {
    if (!isType(type)) return null;
    found = found.where('credentials.type', '=', type);
  }
  if (use !== '') {
    if (!isUse(use)) return null;
    found = found.where(USABLE[use]);
  }
  const wanted = q.trim().toLowerCase();
  if (wanted === '') return found;
  const parts = ['provider_type', 'adapter_type', 'provider', 'tool_type'].map(shown);
  const searched = sql<string>`lower(concat_ws(' ', credentials.name, credentials.type, ${sql.join(parts)}))`;
  return found.where(sql<SqlBool>`position(${wanted} in ${searched}) > 0`);
}

function sorted<T>(query: SelectQueryBuilder<Database, 'credentials', T>, sort: string) {
  const isBackwards = sort.startsWith('-');
  const column = SORTED_BY[isBackwards ? sort.slice(1) : sort] ?? 'credentials.id';
  const key = column.startsWith('lower') ? sql`lower(credentials.name)` : sql.ref(column);
  const way = isBackwards ? sql`${key} desc nulls last` : sql`${key} asc nulls first`;
  return query.orderBy(way).orderBy('credentials.id', isBackwards ? 'desc' : 'asc');
}

/** The nodes that refer to a credential, by workflow. */
export async function listUses(
  db: Db,
  credentialId: number,
  { limit, offset }: { readonly limit: number; readonly offset: number },
) {
  const found = db
    .selectFrom('credential_uses as u')
    .innerJoin('workflows as w', 'w.id', 'u.workflow_id')
    .innerJoin('nodes as n', (join) =>
      join.onRef('n.workflow_id', '=', 'u.workflow_id').onRef('n.node_id', '=', 'u.node_id'),
    )
    .where('u.credential_id', '=', credentialId);
  const { total } = await found.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  if (limit === 0) return { items: [], total };
  const items = await found
    .select(['w.slug as workflow_slug', 'w.name as workflow_name', 'n.node_id', 'n.label as node_label'])
    .orderBy('w.name')
    .orderBy('w.id')
    .orderBy('n.id')
    .limit(limit)
    .offset(offset)
    .execute();
  return { items, total };
}
