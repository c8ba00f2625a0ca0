import type { Db } from '#server/db/connection.ts';
import { effectiveSchema, type ObjectSchema } from './tool-schema.ts';

export interface OfferedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly workflowId: number;
}

/** What callers of an environment may call: its workflows that are switched on and offered. */
const offered = (db: Db, environmentId: number) =>
  db
    .selectFrom('mcp_tools as t')
    .innerJoin('workflows as w', 'w.id', 't.workflow_id')
    .select(['t.tool_name', 't.description', 't.input_schema'])
    .select(['w.id', 'w.name', 'w.description as about', 'w.input_schema as own_schema'])
    .where('w.environment_id', '=', environmentId)
    .where('t.enabled', '=', true)
    .where('w.is_active', '=', true);

type Row = Awaited<ReturnType<ReturnType<typeof offered>['executeTakeFirstOrThrow']>>;

const toolOf = (row: Row): OfferedTool => ({
  name: row.tool_name,
  title: row.name,
  description: row.description || row.about || `Runs the workflow “${row.name}”.`,
  inputSchema: effectiveSchema(row.input_schema, row.own_schema),
  workflowId: row.id,
});

/** A page of tools by name, from the one after `after` on. */
export async function listTools(
  db: Db,
  environmentId: number,
  page: { readonly after: string | null; readonly limit: number },
): Promise<{ readonly tools: readonly OfferedTool[]; readonly hasMore: boolean }> {
  let query = offered(db, environmentId)
    .orderBy('t.tool_name')
    .limit(page.limit + 1);
  if (page.after !== null) query = query.where('t.tool_name', '>', page.after);
  const rows = await query.execute();
  return { tools: rows.slice(0, page.limit).map(toolOf), hasMore: rows.length > page.limit };
}

export async function findTool(db: Db, environmentId: number, name: string): Promise<OfferedTool | null> {
  const row = await offered(db, environmentId).where('t.tool_name', '=', name).executeTakeFirst();
  return row ? toolOf(row) : null;
}
