import type { Pool } from 'pg';
import type { PlannedNode, RunPlan } from '#domain/run/planned.ts';
import type { UsageOf } from './interface.ts';

/** What a run and the runs it waited for have done besides their steps. */
export interface Activity {
  readonly tokens: number;
  readonly costUsd: number;
  readonly llmCalls: number;
  readonly toolInvocations: number;
  readonly childCount: number;
}

export const NO_ACTIVITY: Activity = {
  tokens: 0,
  costUsd: 0,
  llmCalls: 0,
  toolInvocations: 0,
  childCount: 0,
};

export type ActivityOf = (executionId: string) => Promise<Activity>;

/** More runs than one run may start; a broken chain cannot hold up the end of a run. */
const MOST_RUNS = 10_000;
const FAMILY = `
with recursive family as (
  select $1::uuid as id, 0 as depth
  union all
  select e.id, f.depth + 1 from executions e join family f on e.parent_id = f.id where f.depth < 20
), runs as (select id, depth from family limit ${MOST_RUNS})
select array_agg(id) as ids, count(*) filter (where depth > 0)::int as children,
  (select count(*)::int from step_calls c where c.execution_id in (select id from runs) and c.tool_node is not null) as tools
from runs`;

/** Rolls up a run with all that it started and waited for. */
export const createActivityOf =
  (pool: Pool, usageOf: UsageOf): ActivityOf =>
  async (executionId) => {
    const { rows } = await pool.query<{ ids: string[]; children: number; tools: number }>({
      name: 'pipewright_family',
      text: FAMILY,
      values: [executionId],
    });
    const { ids = [executionId], children = 0, tools = 0 } = rows[0] ?? {};
    const usage = await usageOf({ executionId, others: ids.filter((id) => id !== executionId) });
    return {
      tokens: usage.inputTokens + usage.outputTokens,
      costUsd: usage.costUsd,
      llmCalls: usage.calls,
      toolInvocations: tools,
      childCount: children,
    };
  };

const acting = new WeakMap<RunPlan, boolean>();

/** Whether a run of this plan may ask models, call tools or wait for other runs. Worked out once for each plan. */
export function mayAct(plan: RunPlan): boolean {
  let may = acting.get(plan);
  if (may === undefined) {
    may = plan.nodes.some(isActing);
    acting.set(plan, may);
  }
  return may;
}

const isActing = ({ definition }: PlannedNode): boolean =>
  definition.category === 'ai' || definition.startsRuns === true;
