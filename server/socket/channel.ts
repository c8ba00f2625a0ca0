import { sql } from 'kysely';
import { may } from '#domain/access/permission.ts';
import type { Db } from '#server/db/connection.ts';
import { visible as visibleEpics } from '#server/features/epics/store.ts';
import { visible as visibleRuns } from '#server/features/executions/store.ts';
import type { Viewer } from '#server/features/handler.ts';
import { visible as visibleWorkflows } from '#server/features/workflows/store.ts';

export type Channel =
  | { readonly kind: 'workflow'; readonly name: string; readonly slug: string }
  | { readonly kind: 'execution'; readonly name: string; readonly executionId: string }
  | { readonly kind: 'epic'; readonly name: string; readonly epicId: string };

const RUN = /^execution:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const EPIC = /^epic:(ep-[0-9a-f]{12})$/;
const WORKFLOW = /^workflow:([^*]+)$/;

/** The channel of this name, or null where there can be none. */
export function parseChannel(name: string): Channel | null {
  const executionId = RUN.exec(name)?.[1];
  if (executionId !== undefined) return { kind: 'execution', name, executionId };
  const epicId = EPIC.exec(name)?.[1];
  if (epicId !== undefined) return { kind: 'epic', name, epicId };
  const slug = WORKFLOW.exec(name)?.[1];
  return slug !== undefined && slug.isWellFormed() && !slug.includes('\0')
    ? { kind: 'workflow', name, slug }
    : null;
}

/** The id of the workflow, or null when there is none this viewer may see. */
export async function workflowFor(db: Db, viewer: Viewer, slug: string): Promise<number | null> {
  // A key may outlive its user's membership of the environment it is for.
  if (!may(viewer, 'workflow.read')) return null;
  const row = await visibleWorkflows(db, viewer)
    .select('workflows.id')
    .where('workflows.slug', '=', slug)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Whether there is such an epic that this viewer may see. */
export async function maySeeEpic(db: Db, viewer: Viewer, epicId: string): Promise<boolean> {
  if (!may(viewer, 'epic.read')) return false;
  const row = await visibleEpics(db, viewer)
    .select('epics.id')
    .where('epics.id', '=', epicId)
    .executeTakeFirst();
  return row !== undefined;
}

export interface RunState {
  /** The number of the last committed event; 0 when there is none yet. */
  readonly lastSeq: number;
  readonly status: string;
  readonly slug: string;
}

/** Where the run stands, or null when there is none this viewer may see. */
export async function runFor(db: Db, viewer: Viewer, executionId: string): Promise<RunState | null> {
  if (!may(viewer, 'execution.read')) return null;
  const row = await visibleRuns(db, viewer)
    .select(['executions.next_seq', 'executions.status', 'workflows.slug'])
    .where('executions.id', '=', executionId)
    .executeTakeFirst();
  return row ? { lastSeq: row.next_seq - 1, status: row.status, slug: row.slug } : null;
}

/** The present slug and environment of workflows, by id; deleted ones are absent. */
export async function workflowsNow(db: Db, ids: readonly number[]) {
  const rows = await db
    .selectFrom('workflows')
    .select(['id', 'slug', 'environment_id'])
    .where('id', '=', sql<number>`any(${[...ids]}::int[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
