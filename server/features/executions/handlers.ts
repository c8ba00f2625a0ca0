import type { z } from 'zod';
import type { Contract } from '#contract/contract.ts';
import type { eventOut } from '#contract/execution.ts';
import type { Graph } from '#domain/graph/graph.ts';
import type { Db } from '#server/db/connection.ts';
import { deleteRuns } from '#server/db/delete-run.ts';
import type { Engine } from '#server/engine/engine.ts';
import { usageOfRuns } from '#server/model/usage.ts';
import { type HandlersOf, signedIn } from '../handler.ts';
import { listExecutions } from './list.ts';
import { pageOfCalls } from './step-call.ts';
import { pageOfLogs, shownLogs } from './step-log.ts';
import {
  errorMessage,
  executionOutOf,
  findExecution,
  LIVE,
  ownExecutions,
  readRunValues,
  readStepValue,
} from './store.ts';
import { pageOfValue, shownWhole } from './stored-value.ts';

type Executions = Omit<HandlersOf<Contract['executions']>, 'retry'>;

export function executionHandlers(db: Db, engine: Engine): Executions {
  return {
    list: (context, input) => listExecutions(db, signedIn(context), input),
    batchDelete: async (context, { execution_ids }) => {
      const own = await ownExecutions(db, signedIn(context), execution_ids);
      for (const run of own) if (LIVE.includes(run.status)) await engine.cancel(run.id);
      await deleteRuns(
        db,
        own.map((run) => run.id),
      );
    },
    get: async (context, { execution_id }) => {
      const row = await findExecution(db, signedIn(context), execution_id);
      const [{ output, trigger }, { logs, total }, usage] = await Promise.all([
        readRunValues(db, row.id),
        shownLogs(db, row.id),
        usageOfRuns(db, [row.id]),
      ]);
      return {
        ...executionOutOf(row, usage.get(row.id)),
        final_output: shownWhole(output),
        trigger_payload: shownWhole(trigger),
        trigger_node_id: row.trigger_node,
        logs,
        logs_total: total,
        logs_truncated: total > logs.length,
      };
    },
    status: async (context, { execution_id }) => {
      const row = await findExecution(db, signedIn(context), execution_id, 'Execution not found');
      const { status, started_at, completed_at } = executionOutOf(row);
      const { output } = await readRunValues(db, row.id);
      return {
        execution_id: row.id,
        workflow: row.slug,
        status,
        started_at,
        completed_at,
        final_output: json(output),
        error_message: errorMessage(row.error) || null,
      };
    },
    logs: async (context, { execution_id, ...request }) => {
      const row = await findExecution(db, signedIn(context), execution_id);
      return pageOfLogs(db, row.id, request);
    },
    calls: async (context, { execution_id, ...request }) => {
      const row = await findExecution(db, signedIn(context), execution_id);
      return pageOfCalls(db, row.id, request);
    },
    stepValue: async (context, { execution_id, step_id, side, ...page }) => {
      const row = await findExecution(db, signedIn(context), execution_id);
      return pageOfValue(await readStepValue(db, row.id, { step_id, side }), page);
    },
    value: async (context, { execution_id, side, ...page }) => {
      const row = await findExecution(db, signedIn(context), execution_id);
      return pageOfValue((await readRunValues(db, row.id))[side], page);
    },
    graph: (context, { execution_id }) => pinnedGraph(db, context, execution_id),
    cancel: async (context, { execution_id }) => {
      const viewer = signedIn(context);
      const row = await findExecution(db, viewer, execution_id);
      if (LIVE.includes(row.status)) await engine.cancel(row.id);
      const [after, usage] = await Promise.all([
        findExecution(db, viewer, execution_id),
        usageOfRuns(db, [row.id]),
      ]);
      return executionOutOf(after, usage.get(row.id));
    },
    events: async (context, { execution_id, after_seq, limit }) => {
      const row = await findExecution(db, signedIn(context), execution_id);
      const events = limit === 0 ? [] : await engine.readEvents(row.id, after_seq, limit);
      const items = events.map((event) => ({
        seq: event.seq,
        type: event.type,
        execution_id: row.id,
        timestamp: event.timestamp,
        data: { ...event.data, execution_id: row.id } as z.input<typeof eventOut>['data'],
      }));
      return { items, last_seq: items.at(-1)?.seq ?? after_seq };
    },
  };
}

type Json = z.input<typeof eventOut>['data'][string];
const json = (value: unknown): Json => (value ?? null) as Json;

const pinnedGraph: (
  db: Db,
  context: Parameters<Executions['graph']>[0],
  id: string,
) => ReturnType<Executions['graph']> = async (db, context, id) => {
  const row = await findExecution(db, signedIn(context), id);
  const version = await db
    .selectFrom('workflow_versions')
    .select(['revision', 'graph'])
    .where('id', '=', row.workflow_version_id)
    .executeTakeFirstOrThrow();
  const graph = version.graph as Graph;
  const next_edge_id = graph.edges.reduce((next, edge) => Math.max(next, edge.id + 1), 1);
  const shown = { revision: version.revision, next_edge_id, ...graph, webhooks: {} };
  return shown as Awaited<ReturnType<Executions['graph']>>;
};
