import { sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';

/** A workflow in the chain of runs that wait for each other. */
export interface Ancestor {
  readonly id: number;
  readonly slug: string;
}

/** Longer than any chain that is let grow, so that a broken one cannot hold up the query. */
const LONGEST = 50;

/** The workflows of a run and of all that wait for it, the outermost first. */
export async function chainOf(db: Db, executionId: string): Promise<Ancestor[]> {
  const { rows } = await sql<Ancestor>`
    with recursive chain as (
      select parent_id, workflow_id, 0 as up from executions where id = ${executionId}
      union all
      select e.parent_id, e.workflow_id, c.up + 1 from executions e join chain c on e.id = c.parent_id
      where c.up < ${LONGEST}
    )
    select workflows.id, workflows.slug from chain join workflows on workflows.id = chain.workflow_id order by up desc
  `.execute(db);
  return rows;
}
