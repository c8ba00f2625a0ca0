import type { Contract } from '#contract/contract.ts';
import type { AnyDefinition, DefinitionOf } from '#domain/node/definition.ts';
import type { Config } from '#server/config.ts';
import type { Db } from '#server/db/connection.ts';
import type { Engine } from '#server/engine/engine.ts';
import type { LiveBus } from '#server/live/live-bus.ts';
import { createEmbed } from '#server/model/embed-call.ts';
import { createModelCalls } from '#server/model/model-call.ts';
import type { Redactor } from '#server/redaction/redactor.ts';
import type { Sealer } from '#server/sealing/sealer.ts';
import { createVault } from '#server/vault/vault.ts';
import { agentHandlers } from './accounts/agent-handlers.ts';
import { authHandlers } from './accounts/auth-handlers.ts';
import { HashQueue } from './accounts/hash-queue.ts';
import { mfaHandlers } from './accounts/mfa-handlers.ts';
import { sessionHandlers } from './accounts/session-handlers.ts';
import type { Welcome } from './accounts/setup.ts';
import { PasswordStep } from './accounts/sign-in.ts';
import { socketHandlers } from './accounts/socket-ticket.ts';
import { userHandlers } from './accounts/user-handlers.ts';
import { auditHandlers } from './audit/handlers.ts';
import { budgetHandlers } from './budgets/handlers.ts';
import { chatHandlers } from './chat/handlers.ts';
import { keepMessage } from './chat/inbound-message.ts';
import { visitHandlers } from './chat/visit-handlers.ts';
import { createVisits } from './chat/visitor.ts';
import { credentialHandlers } from './credentials/handlers.ts';
import type { Outbound } from './credentials/outbound.ts';
import { epicHandlers, taskHandlers } from './epics/handlers.ts';
import { castVote } from './executions/approval-decision.ts';
import { approvalHandlers } from './executions/approval-handlers.ts';
import { executionHandlers } from './executions/handlers.ts';
import type { HandlersOf } from './handler.ts';
import { inboundHandlers } from './inbound/handlers.ts';
import { mcpHandlers } from './mcp/offer.ts';
import { memoryHandlers } from './memory/handlers.ts';
import { createMeaning } from './memory/question.ts';
import { memorySearchHandlers } from './memory/search-handlers.ts';
import { modelHandlers } from './models/handlers.ts';
import { quotaHandlers } from './quotas/handlers.ts';
import { sandboxHandlers } from './sandboxes/handlers.ts';
import { scheduleHandlers } from './schedules/handlers.ts';
import { nodeSchedules } from './schedules/node-schedule.ts';
import { settingsHandlers } from './settings/handlers.ts';
import type { LiveSettings } from './settings/live.ts';
import type { ChangeNotice } from './workflows/change-notice.ts';
import { credentialReferences } from './workflows/credential-removal.ts';
import { edgeHandlers } from './workflows/edge-handlers.ts';
import { nodeHandlers } from './workflows/node-handlers.ts';
import { nodeScheduleHandlers } from './workflows/node-schedule-handlers.ts';
import { proposeHandler } from './workflows/propose/propose.ts';
import { retryHandler } from './workflows/retry.ts';
import { sample } from './workflows/sample.ts';
import { findWorkflow, lockWorkflow } from './workflows/store.ts';
import type { Versions } from './workflows/version.ts';
import { versionHandlers } from './workflows/version-handlers.ts';
import { webhookSecretHandlers } from './workflows/webhook-secret.ts';
import { workflowHandlers } from './workflows/workflow-handlers.ts';
import { insertWithGraph } from './workflows/workflow-writer.ts';

export interface HandlerOptions {
  readonly db: Db;
  readonly engine: Engine;
  readonly versions: Versions;
  readonly notice: ChangeNotice;
  readonly secretKey: string;
  readonly sealer: Sealer;
  readonly redactor: Redactor;
  readonly outbound: Outbound;
  /** Where what is being written can be read; absent in processes that answer no requests. */
  readonly liveBus?: LiveBus;
  readonly definitions: readonly AnyDefinition[];
  readonly definitionOf: DefinitionOf;
  /** As the environment says, before what was saved. */
  readonly config: Config;
  readonly live: LiveSettings;
}

/** Password hashes cost 19 MiB and a good part of a second each. */
const HASHES_AT_ONCE = 2;
const HASHES_WAITING = 32;

/** A handler for every operation of the contract. */
export function createHandlers(options: HandlerOptions): {
  readonly [A in keyof Contract]: HandlersOf<Contract[A]>;
} {
  const { db, engine, secretKey, definitionOf, versions, sealer, config, live } = options;
  const versionOf = (workflowId: number, revision: number) => versions.current(workflowId, revision);
  const talking = { db, engine, versionOf, definitionOf };
  const vault = createVault({ db, sealer, redactor: options.redactor });
  const models = { db, egress: options.outbound.egress, vault };
  const embed = createEmbed(models);
  const hashing = new HashQueue(HASHES_AT_ONCE, HASHES_WAITING);
  const passwords = new PasswordStep(db, hashing);
  /** What every account of a person starts with. */
  const welcomes: Welcome[] = [];
  return {
    auth: authHandlers({ db, passwords, secretKey, welcomes: [...welcomes, sampleWorkflow(definitionOf)] }),
    mfa: mfaHandlers({ db, sealer, passwords, loopbackReset: config.trustProxy.length === 0 }),
    sessions: sessionHandlers(db),
    agents: agentHandlers(db),
    users: userHandlers({ db, hashing, welcomes }),
    workflows: {
      ...workflowHandlers(options),
      propose: proposeHandler({
        ...{ db, definitions: options.definitions, definitionOf, bus: options.liveBus ?? null },
        ask: createModelCalls(models),
      }),
    },
    nodes: { ...nodeHandlers(options), ...nodeScheduleHandlers(options, nodeSchedules(definitionOf)) },
    edges: edgeHandlers(options),
    executions: { ...executionHandlers(db, engine), retry: retryHandler(options) },
    schedules: scheduleHandlers({ db, engine, definitionOf, versionOf }),
    approvals: approvalHandlers(db),
    credentials: credentialHandlers({
      db,
      sealer,
      redactor: options.redactor,
      ...options.outbound,
      references: credentialReferences(definitionOf),
    }),
    versions: versionHandlers(options),
    epics: epicHandlers(db),
    tasks: taskHandlers(db),
    audit: auditHandlers(db),
    sockets: socketHandlers(db),
    quotas: quotaHandlers(db),
    models: modelHandlers(db),
    budgets: budgetHandlers(db),
    webhooks: webhookSecretHandlers(options),
    chat: chatHandlers({ ...talking, findWorkflow: (viewer, slug) => findWorkflow(db, viewer, slug) }),
    visits: visitHandlers({ ...talking, visits: createVisits(secretKey) }),
    inbound: inboundHandlers({
      db,
      castVote,
      engine,
      versionOf,
      definitionOf,
      keepMessage: (said) => keepMessage(db, said),
    }),
    memories: memoryHandlers(db, createMeaning({ db, embed })),
    memorySearch: memorySearchHandlers({ db, embed }),
    mcp: mcpHandlers({
      db,
      definitionOf,
      findWorkflow: (viewer, slug) => findWorkflow(db, viewer, slug),
      lockWorkflow,
    }),
    sandboxes: sandboxHandlers({ db, sealer, dataDir: config.dataDir }),
    settings: settingsHandlers({ db, sealer, config, live }),
  };
}

const sampleWorkflow =
  (definitionOf: DefinitionOf): Welcome =>
  async (trx, owner) => {
    const { name, description, graph } = sample;
    const fields = { name, slug: 'order-triage', description };
    await insertWithGraph(trx, owner, { fields, graph }, definitionOf);
  };
