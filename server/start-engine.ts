import type { Logger } from 'pino';
import type { Catalogue } from '#domain/node/available.ts';
import type { Config } from './config.ts';
import type { Connection, Db } from './db/connection.ts';
import { createEgress } from './egress/client.ts';
import { createEngine, type Engine, EngineError, type EngineLog } from './engine/engine.ts';
import { executors } from './engine/executors.ts';
import type { EngineMeter } from './engine/meter.ts';
import { toolExecutors } from './engine/tool-executors.ts';
import { startAuditRetention } from './features/audit/retention.ts';
import { afterChatRun } from './features/chat/after-run.ts';
import { createApprovalRequests } from './features/executions/approval-request.ts';
import { createAwaitedCalls } from './features/executions/awaited-call.ts';
import { startRetention } from './features/executions/retention.ts';
import { deliverAnswer } from './features/inbound/delivery.ts';
import { offerConfirmation } from './features/inbound/offer.ts';
import { startEmbedding } from './features/memory/embed-runner.ts';
import { closeEpisode } from './features/memory/episode.ts';
import { createMeaning } from './features/memory/question.ts';
import { createStepMemory } from './features/memory/step-memory.ts';
import type { Platform } from './features/platform/platform.ts';
import { createSandboxUse } from './features/sandboxes/use.ts';
import { afterScheduledRun } from './features/schedules/settle.ts';
import { createChildRuns } from './features/workflows/child-run.ts';
import { createErrorRuns } from './features/workflows/error-run.ts';
import { Versions } from './features/workflows/version.ts';
import type { Keyring } from './keyring.ts';
import type { LiveBus } from './live/live-bus.ts';
import { createSaidSoFar } from './live/said-so-far.ts';
import { createStepStream } from './live/step-stream.ts';
import { createEmbed, type Embed } from './model/embed-call.ts';
import { createUsageOf } from './model/usage.ts';
import type { Redactor } from './redaction/redactor.ts';
import { createSkillFolder } from './skills/skill-folder.ts';
import { createStepEnvironment } from './step-environment.ts';
import { createVault } from './vault/vault.ts';

export type Release = () => Promise<unknown> | void;

export interface EngineParts {
  /** Why no step may run a program; null: they may. */
  readonly commandsBlocked: string | null;
  readonly config: Config;
  readonly log: Logger;
  readonly url: string;
  readonly connection: Connection;
  readonly publicUrl: string;
  readonly catalogue: Catalogue;
  readonly meter: EngineMeter;
  readonly keyring: Keyring;
  readonly redactor: Redactor;
  /** To whom steps show what they write. */
  readonly liveBus: LiveBus;
  /** The API for steps. */
  readonly platform: Platform;
}

/** The engine with all that its steps may use. What has to be given up at the end is added to `releases`. */
export async function startEngine(
  {
    config,
    log,
    url,
    connection,
    publicUrl,
    catalogue,
    meter,
    keyring,
    redactor,
    commandsBlocked,
    platform,
    liveBus,
  }: EngineParts,
  releases: Release[],
): Promise<Engine> {
  const { db } = connection;
  const { definitionOf } = catalogue;
  let engine: Engine | null = null;
  const runs = {
    db,
    versions: new Versions(db),
    definitionOf,
    engine: () => {
      if (!engine) throw new EngineError('unavailable', 'The engine is starting. Try again.');
      return engine;
    },
  };
  const { sealer } = keyring;
  const vault = createVault({ db, sealer, redactor });
  const egress = createEgress({ allow: config.egressAllow });
  releases.push(() => egress.close());
  const embed = createEmbed({ db, egress, vault });
  const environment = createStepEnvironment({
    db,
    egressAllow: config.egressAllow,
    workers: 2,
    definitionOf,
    hostAccess: catalogue.definitions.some((one) => one.needsOperator),
    log: (message) => log.warn(message),
    vault,
    skills: createSkillFolder(config.skillsDir),
    commandsBlocked,
    platform,
    sandboxOf: createSandboxUse({ db, sealer, redactor, vault, dataDir: config.dataDir }),
    memoryOf: createStepMemory(db, createMeaning({ db, embed })),
    stream: createStepStream(liveBus, (run) => redactor.forRun(run)),
    outside: {
      startRun: createChildRuns(runs),
      askApproval: createApprovalRequests(db, publicUrl, offerConfirmation),
      awaitCall: createAwaitedCalls(db, publicUrl),
    },
  });
  releases.push(environment.close);
  const startErrorRun = createErrorRuns({ ...runs, log: engineLog(log) });
  engine = await createEngine({
    db,
    pool: connection.pool,
    url,
    config: { drive: config.role !== 'server', concurrency: config.concurrency, role: config.role },
    executors,
    toolExecutors,
    usageOf: createUsageOf(db),
    saidSoFar: createSaidSoFar(liveBus, (run) => redactor.forRun(run)),
    definitionOf,
    capabilities: environment.capabilities,
    render: environment.render,
    cleanerOf: (run) => redactor.forRun(run),
    log: engineLog(log),
    meter,
    afterRun: async (run) => {
      await afterChatRun(db, run, deliverAnswer);
      await afterScheduledRun(db, run);
      await closeEpisode(db, definitionOf, run);
      await startErrorRun(run);
    },
  });
  if (config.role !== 'server') {
    releases.push(startPruning(config, log, db), pruneAuditLog(log, db), embedMemories(log, { db, embed }));
  }
  return engine;
}

function startPruning({ retentionDays, retentionRuns }: Config, log: Logger, db: Db): () => Promise<void> {
  return startRetention({
    db,
    days: retentionDays,
    runs: retentionRuns,
    onPruned: (runs) => log.info({ runs }, 'old runs were removed'),
    onError: (error) => log.warn({ err: error }, 'old runs could not be removed; the next try follows'),
  });
}

function pruneAuditLog(log: Logger, db: Db): () => Promise<void> {
  return startAuditRetention({
    db,
    onPruned: (events) => log.info({ events }, 'audit events older than a year were removed'),
    onError: (error) =>
      log.warn({ err: error }, 'old audit events could not be removed; the next try follows'),
  });
}

function embedMemories(log: Logger, parts: { readonly db: Db; readonly embed: Embed }): () => Promise<void> {
  return startEmbedding({
    ...parts,
    onError: (error) => log.warn({ err: error }, 'memories could not be embedded; the next try follows'),
  });
}

export const engineLog =
  (log: Logger): EngineLog =>
  (level, message, detail) =>
    log[level](detail ?? {}, message);
