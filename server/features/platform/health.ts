import { sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import { seesEverything, type Viewer } from '../handler.ts';

const STUCK_MINUTES = 15;
const MANY_FAILURES = 5;
const LONG_QUEUE = 100;
const LISTED = 20;

/** How the installation does, and the runs and schedules of the viewer's environment. */
export async function systemHealth(db: Db, viewer: Viewer) {
  const everywhere = seesEverything(viewer);
  const here = (column: string) =>
    everywhere ? sql<boolean>`true` : sql<boolean>`${sql.ref(column)} = ${viewer.environmentId}`;
  const stuck = await db
    .selectFrom('executions')
    .innerJoin('workflows', 'workflows.id', 'executions.workflow_id')
    .select(['executions.id as execution_id', 'workflows.slug as workflow_slug', 'executions.started_at'])
    .where('executions.status', '=', 'running')
    .where('executions.started_at', '<', sql<Date>`now() - make_interval(mins => ${STUCK_MINUTES})`)
    .where(here('executions.environment_id'))
    .orderBy('executions.started_at')
    .limit(LISTED)
    .execute();
  const { failures, waiting } = await db
    .selectFrom('executions')
    .select([
      sql<number>`count(*) filter (where status = 'failed' and finished_at > now() - interval '24 hours')::int`.as(
        'failures',
      ),
      sql<number>`count(*) filter (where status = 'queued')::int`.as('waiting'),
    ])
    .where(here('executions.environment_id'))
    .where((eb) =>
      eb.or([
        eb('status', '=', 'queued'),
        eb.and([eb('status', '=', 'failed'), eb('finished_at', '>', sql<Date>`now() - interval '24 hours'`)]),
      ]),
    )
    .executeTakeFirstOrThrow();
  const dead = await db
    .selectFrom('schedules')
    .select(['id', 'name', 'last_error'])
    .where('status', '=', 'dead')
    .where(here('schedules.environment_id'))
    .orderBy('id')
    .limit(LISTED)
    .execute();
  const { workers } = await db
    .selectFrom('processes')
    .select(sql<number>`count(*) filter (where role <> 'server')::int`.as('workers'))
    .executeTakeFirstOrThrow();
  const issues = [
    ...(workers === 0 ? ['No process runs workflows.'] : []),
    ...(waiting > LONG_QUEUE ? [`${waiting} runs wait in the queue.`] : []),
    ...(stuck.length > 0
      ? [`${stuck.length} runs have been running for over ${STUCK_MINUTES} minutes.`]
      : []),
    ...(failures > MANY_FAILURES ? [`${failures} runs failed within 24 hours.`] : []),
    ...(dead.length > 0 ? [`${dead.length} schedules have given up.`] : []),
  ];
  return {
    status:
      workers === 0
        ? ('critical' as const)
        : issues.length > 0
          ? ('degraded' as const)
          : ('healthy' as const),
    issues,
    workers,
    queued_runs: waiting,
    failed_runs_24h: failures,
    stuck_runs: stuck.map((run) => ({ ...run, started_at: run.started_at?.toISOString() ?? null })),
    dead_schedules: dead,
  };
}
