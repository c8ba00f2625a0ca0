import { randomUUID } from 'node:crypto';
import { type SqlBool, sql } from 'kysely';
import type { InputOf } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import { SealError, type Sealer } from '#server/sealing/sealer.ts';
import type { Viewer } from '../handler.ts';
import { LABEL_ROOT, labelFor, labelOf } from './folder.ts';
import type { SandboxOut, SandboxRow, Store } from './row.ts';
import { checkVariables, knownCredentials, openVariables, storeVariables } from './variable.ts';

export const DEFAULT_NAME = 'default';

/** Somebody's own workspaces: administrators see nobody else's either. */
export const own = (db: Store, { userId }: Viewer) =>
  db.selectFrom('sandboxes').where('owner_id', '=', userId);

/** @throws AppError `not_found`, also for what belongs to somebody else. */
export async function findSandbox(db: Store, viewer: Viewer, id: number): Promise<SandboxRow> {
  const row = await own(db, viewer).selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('not_found', 'Workspace not found.');
  return row;
}

/** Everybody has one; whoever has none yet gets it the first time they look. */
export async function ensureDefault(db: Store, { userId, environmentId }: Viewer): Promise<void> {
  const there = await db
    .selectFrom('sandboxes')
    .select('id')
    .where('owner_id', '=', userId)
    .where('is_default', '=', true)
    .executeTakeFirst();
  if (there) return;
  await db
    .insertInto('sandboxes')
    .values({
      environment_id: environmentId,
      owner_id: userId,
      name: DEFAULT_NAME,
      path: labelFor(DEFAULT_NAME),
      is_default: true,
      variables: '[]',
    })
    .onConflict((on) => on.doNothing())
    .execute();
}

export interface ListRequest {
  readonly limit: number;
  readonly offset: number;
  readonly q?: string | undefined;
}

export async function listSandboxes(db: Store, viewer: Viewer, { limit, offset, q }: ListRequest) {
  const text = q?.trim() ? `%${q.trim().replaceAll(/[\\%_]/g, '\\$&')}%` : null;
  const found = own(db, viewer).where(text === null ? sql<SqlBool>`true` : sql<SqlBool>`name ilike ${text}`);
  const { total } = await found.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  if (limit === 0) return { rows: [], total };
  const rows = await found.selectAll().orderBy('id').limit(limit).offset(offset).execute();
  return { rows, total };
}

/** Workspaces as their owner sees them. A credential that is gone leaves an empty reference. */
export async function presentSandboxes(
  db: Store,
  sealer: Sealer,
  rows: readonly SandboxRow[],
): Promise<SandboxOut[]> {
  const opened = rows.map((row) => ({ row, variables: openOrBlank(sealer, row) }));
  const wanted = opened.flatMap(({ variables }) => variables.flatMap((one) => one.credential_id ?? []));
  const environments = [...new Set(rows.map((row) => row.environment_id))];
  const known = new Map(
    await Promise.all(environments.map(async (id) => [id, await knownCredentials(db, id, wanted)] as const)),
  );
  return opened.map(({ row, variables }) => ({
    id: row.id,
    name: row.name,
    path: row.path,
    allow_network: row.allow_network,
    env_vars: variables.map((one) => ({
      ...one,
      credential_id:
        one.credential_id !== null && known.get(row.environment_id)?.has(one.credential_id)
          ? one.credential_id
          : null,
    })),
    is_default: row.is_default,
    created_at: row.created_at.toISOString(),
  }));
}

/** One workspace whose values cannot be opened any more keeps nobody from the others, nor from entering them again. */
function openOrBlank(sealer: Sealer, row: SandboxRow) {
  try {
    return openVariables(sealer, row);
  } catch (error) {
    if (error instanceof SealError) return openVariables(sealer, { ...row, sealed: null });
    throw error;
  }
}

const taken = (): AppError => new AppError('conflict', 'Workspace with this name already exists.');

/** @throws AppError `conflict` for a name anybody has, `bad_request` for a path outside, `invalid` for variables. */
export async function insertSandbox(
  db: Store,
  sealer: Sealer,
  { viewer, input }: { viewer: Viewer; input: InputOf<'sandboxes', 'create'> },
): Promise<SandboxRow> {
  const path = input.path?.trim() ? labelOf(input.path.trim()) : labelFor(input.name);
  if (path === null) throw new AppError('bad_request', `Workspace path must be under ${LABEL_ROOT}`);
  if (input.name === DEFAULT_NAME) throw taken();
  const given = input.env_vars ?? [];
  await checkVariables(db, viewer, given);
  const uid = randomUUID();
  const row = await db
    .insertInto('sandboxes')
    .values({
      uid,
      environment_id: viewer.environmentId,
      owner_id: viewer.userId,
      name: input.name,
      path,
      allow_network: input.allow_network ?? false,
      ...storeVariables(sealer, { environmentId: viewer.environmentId, uid }, given),
    })
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (!row) throw taken();
  return row;
}

/** @throws AppError `not_found` or `invalid`. */
export async function updateSandbox(
  db: Store,
  sealer: Sealer,
  { viewer, input }: { viewer: Viewer; input: InputOf<'sandboxes', 'update'> },
): Promise<SandboxRow> {
  const row = await findSandbox(db, viewer, input.sandbox_id);
  const { allow_network, env_vars } = input;
  if (allow_network === undefined && env_vars === undefined) return row;
  if (env_vars) await checkVariables(db, { ...viewer, environmentId: row.environment_id }, env_vars);
  const place = { environmentId: row.environment_id, uid: row.uid };
  const changed = await own(db, viewer).where('id', '=', row.id).forUpdate().select('id').executeTakeFirst();
  if (!changed) throw new AppError('not_found', 'Workspace not found.');
  return db
    .updateTable('sandboxes')
    .set({
      ...(allow_network !== undefined && { allow_network }),
      ...(env_vars && storeVariables(sealer, place, env_vars)),
    })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
