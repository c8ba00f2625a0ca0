import { type Kysely, sql } from 'kysely';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { storable } from '#domain/text.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import type { EndedRun } from '#server/engine/interface.ts';
import { type MemoryPlace, memoryPlace, STRANGER } from './place.ts';

const CHAT_KINDS: ReadonlySet<string> = new Set(['chat', 'telegram']);
const MOST_SAID = 400;

/** Notes that a run takes part in the memory. Its end completes the episode; noting it again changes nothing. */
export async function openEpisode(db: Kysely<Database>, place: MemoryPlace): Promise<void> {
  await db
    .insertInto('memory_episodes')
    .values({ ...openingOf(place), success: false, started_at: sql`now()` })
    .onConflict((conflict) => conflict.column('execution_id').doNothing())
    .execute();
}

const openingOf = (place: MemoryPlace) => ({
  environment_id: place.environmentId,
  workflow_id: place.workflowId,
  execution_id: place.executionId,
  agent_id: place.agentId,
  user_id: place.personId ?? (place.isStranger ? `${STRANGER}${place.rootId}` : null),
  trigger_type: place.triggerKind,
});

interface RunRow {
  readonly trigger: unknown;
  readonly output: unknown;
  readonly root_id: string;
  /** Of the workflow. */
  readonly name: string;
  readonly created_at: Date;
  readonly finished_at: Date;
  readonly graph: { readonly nodes: readonly { readonly id: string; readonly type: string }[] };
}

/**
 * The engine's `afterRun` for the memory: one episode for every run that talked or used an agent. Safe to call again
 * for the same run.
 */
export async function closeEpisode(db: Db, definitionOf: DefinitionOf, run: EndedRun): Promise<void> {
  const row = (await db
    .selectFrom('executions as e')
    .innerJoin('workflow_versions as v', 'v.id', 'e.workflow_version_id')
    .innerJoin('workflows as w', 'w.id', 'e.workflow_id')
    .select(['e.trigger', 'e.output', 'e.root_id', 'e.created_at', 'e.finished_at', 'v.graph', 'w.name'])
    .where('e.id', '=', run.executionId)
    .executeTakeFirst()) as RunRow | undefined;
  if (!row || !(await hasEpisode(db, definitionOf, run, row))) return;
  const place = await memoryPlace(db, { ...run, rootId: row.root_id });
  const end = {
    success: run.status === 'completed',
    error_code: run.error?.code ?? (run.status === 'cancelled' ? 'cancelled' : null),
    summary: summaryOf(row, run),
    started_at: row.created_at,
    ended_at: row.finished_at,
    duration_ms: Math.max(0, row.finished_at.getTime() - row.created_at.getTime()),
  };
  await db.transaction().execute(async (trx) => {
    const closed = await trx
      .insertInto('memory_episodes')
      .values({
        ...openingOf(place),
        ...end,
      })
      .onConflict((conflict) =>
        conflict.column('execution_id').doUpdateSet(end).where('memory_episodes.ended_at', 'is', null),
      )
      .returning('detail')
      .executeTakeFirst();
    if (closed) await judgeProcedures(trx, proceduresIn(closed.detail), end.success);
  });
}

async function hasEpisode(
  db: Db,
  definitionOf: DefinitionOf,
  run: EndedRun,
  { graph }: RunRow,
): Promise<boolean> {
  if (CHAT_KINDS.has(run.triggerKind)) return true;
  const opened = await db
    .selectFrom('memory_episodes')
    .select('id')
    .where('execution_id', '=', run.executionId)
    .executeTakeFirst();
  if (opened) return true;
  const agents = graph.nodes.filter(({ type }) => definitionOf(type)?.category === 'ai').map(({ id }) => id);
  if (agents.length === 0) return false;
  const step = await db
    .selectFrom('steps')
    .select('node_id')
    .where('execution_id', '=', run.executionId)
    .where('node_id', 'in', agents)
    .where('status', '<>', 'skipped')
    .limit(1)
    .executeTakeFirst();
  return step !== undefined;
}

function summaryOf({ trigger, output, name }: RunRow, { status, error }: EndedRun): string {
  const asked = saidIn(trigger, ['text', 'message', 'input']);
  const answered = saidIn(output, ['output', 'message']);
  const end = status === 'completed' ? answered : `${status}: ${error?.message ?? 'it was stopped'}`;
  const lines = [asked && `Asked: ${asked}`, end && `Answered: ${end}`].filter((line) => line);
  // What models say may hold what PostgreSQL does not take.
  return lines.length > 0 ? storable(lines.join('\n')) : `Ran “${name}”.`;
}

/** The first text among some fields, shortened. */
function saidIn(value: unknown, fields: readonly string[]): string | null {
  if (typeof value === 'string') return value.trim().slice(0, MOST_SAID) || null;
  if (typeof value !== 'object' || value === null) return null;
  for (const field of fields) {
    const said = (value as Readonly<Record<string, unknown>>)[field];
    if (typeof said === 'string' && said.trim() !== '') return said.trim().slice(0, MOST_SAID);
  }
  return null;
}

function proceduresIn(detail: unknown): string[] {
  const used = (detail as { procedures?: unknown } | null)?.procedures;
  return Array.isArray(used) ? used.filter((id) => typeof id === 'string') : [];
}

async function judgeProcedures(
  db: Kysely<Database>,
  ids: readonly string[],
  success: boolean,
): Promise<void> {
  if (ids.length === 0) return;
  await sql`update memory_procedures set times_used = times_used + 1,
      times_succeeded = times_succeeded + ${success ? 1 : 0}, times_failed = times_failed + ${success ? 0 : 1}
    where id = any(${ids}::uuid[])`.execute(db);
}
