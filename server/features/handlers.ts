import type { Contract } from '#contract/contract.ts';
import type { AnyDefinition, DefinitionOf } from '#domain/node/definition.ts';
import type { Db } from '#server/db/connection.ts';
import type { Engine } from '#server/engine/engine.ts';
import type { Sealer } from '#server/sealing/sealer.ts';
import { authHandlers } from './accounts/auth-handlers.ts';
import { HashQueue } from './accounts/hash-queue.ts';
import { userHandlers } from './accounts/user-handlers.ts';
import { approvalHandlers } from './executions/approval-handlers.ts';
import { executionHandlers } from './executions/handlers.ts';
import type { HandlersOf } from './handler.ts';
import { scheduleHandlers } from './schedules/handlers.ts';
import { nodeSchedules } from './schedules/node-schedule.ts';
import type { ChangeNotice } from './workflows/change-notice.ts';
import { edgeHandlers } from './workflows/edge-handlers.ts';
import { nodeHandlers } from './workflows/node-handlers.ts';
import { nodeScheduleHandlers } from './workflows/node-schedule-handlers.ts';
import { retryHandler } from './workflows/retry.ts';
import { sample } from './workflows/sample.ts';
import type { Versions } from './workflows/version.ts';
import { workflowHandlers } from './workflows/workflow-handlers.ts';
import { insertWithGraph } from './workflows/workflow-writer.ts';

export interface HandlerOptions {
  readonly db: Db;
  readonly engine: Engine;
  readonly versions: Versions;
  readonly notice: ChangeNotice;
  readonly secretKey: string;
  readonly sealer: Sealer;
  readonly definitions: readonly AnyDefinition[];
  readonly definitionOf: DefinitionOf;
}

/** Password hashes cost 19 MiB and a good part of a second each. */
const HASHES_AT_ONCE = 2;
const HASHES_WAITING = 32;

/** A handler for every operation of the contract. */
export function createHandlers(options: HandlerOptions): {
  readonly [A in keyof Contract]: HandlersOf<Contract[A]>;
} {
  const { db, engine, secretKey, definitionOf, versions } = options;
  const versionOf = (workflowId: number, revision: number) => versions.current(workflowId, revision);
  const hashing = new HashQueue(HASHES_AT_ONCE, HASHES_WAITING);
  return {
    auth: authHandlers({
      db,
      hashing,
      secretKey,
      welcome: async (trx, owner) => {
        const { name, description, graph } = sample;
        const fields = { name, slug: 'order-triage', description };
        await insertWithGraph(trx, owner, { fields, graph }, definitionOf);
      },
    }),
    users: userHandlers(db, hashing),
    workflows: workflowHandlers(options),
    nodes: { ...nodeHandlers(options), ...nodeScheduleHandlers(options, nodeSchedules(definitionOf)) },
    edges: edgeHandlers(options),
    executions: { ...executionHandlers(db, engine), retry: retryHandler(options) },
    schedules: scheduleHandlers({ db, engine, definitionOf, versionOf }),
    approvals: approvalHandlers(db),
  };
}
