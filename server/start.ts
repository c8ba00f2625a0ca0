import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Catalogue } from '#domain/node/available.ts';
import packageFile from '../package.json' with { type: 'json' };
import { catalogueOf } from './catalogue.ts';
import type { Config } from './config.ts';
import { type Connection, connect, type Db } from './db/connection.ts';
import { startEmbedded } from './db/embedded/start.ts';
import { migrateToLatest } from './db/migrate.ts';
import { createEngine, type Engine, EngineError, type EngineLog } from './engine/engine.ts';
import { executors } from './engine/executors.ts';
import type { EngineMeter } from './engine/meter.ts';
import { createIdentities } from './features/accounts/identity.ts';
import { isSetUp, setupToken } from './features/accounts/setup.ts';
import { startAuditRetention } from './features/audit/retention.ts';
import { createApprovalRequests } from './features/executions/approval-request.ts';
import { createAwaitedCalls } from './features/executions/awaited-call.ts';
import { startRetention } from './features/executions/retention.ts';
import { offerConfirmation } from './features/inbound/offer.ts';
import { createSandboxUse } from './features/sandboxes/use.ts';
import { type ScheduleRunner, startScheduleRunner } from './features/schedules/runner.ts';
import { afterScheduledRun } from './features/schedules/settle.ts';
import { savedDatabaseUrl } from './features/settings/database-address.ts';
import { whyBlocked } from './features/settings/environment.ts';
import { type LiveSettings, openSettings } from './features/settings/live.ts';
import { openLogFile } from './features/settings/log-file.ts';
import { createChildRuns } from './features/workflows/child-run.ts';
import { createErrorRuns } from './features/workflows/error-run.ts';
import { Versions } from './features/workflows/version.ts';
import { createApp } from './http/app.ts';
import { healthCheck } from './http/health.ts';
import { metricsListener } from './http/metrics-listener.ts';
import { createPatience } from './http/patience.ts';
import { peerReader, proxyTest } from './http/peer.ts';
import { closeServer, listenOn } from './http/port.ts';
import { createRateLimits } from './http/rate-limit.ts';
import type { Report } from './http/request-log.ts';
import { type Screens, startScreens } from './http/screens.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import { webhookListener } from './http/webhook-listener.ts';
import { workerListener } from './http/worker-listener.ts';
import { type Keyring, openKeyring } from './keyring.ts';
import type { LogOutput } from './log-output.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { Redactor } from './redaction/redactor.ts';
import { createServices } from './services.ts';
import { attachSockets } from './socket/attach.ts';
import { createStepEnvironment } from './step-environment.ts';
import { createVault } from './vault/vault.ts';

export interface StartOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Tests of the API need no screens. */
  readonly screens: boolean;
  /** Cleans the log too, where the log was made with it. */
  readonly redactor?: Redactor;
  /** Takes the log file of the settings; tests have none. */
  readonly logOutput?: LogOutput;
  /** Just before the port is taken. */
  readonly beforeListening?: () => Promise<void>;
}

export interface Running {
  /** Where people reach it. */
  readonly url: string;
  readonly port: number;
  /** Takes nothing new, lets what runs finish for `graceMs`, and gives everything up. */
  stop(options: { graceMs: number }): Promise<void>;
}

type Release = () => Promise<unknown> | void;

const root = resolve(import.meta.dirname, '..');
const { version } = packageFile;
const API_CONNECTIONS = 10;
const ENGINE_CONNECTIONS = 8;

/**
 * Brings Pipewright up in the role the configuration names. The port answers 503 from the first moment and the
 * real thing once everything behind it is there.
 * @throws when something it needs cannot be had; whatever was started by then is given up again.
 */
export async function startPipewright(options: StartOptions): Promise<Running> {
  const releases: Release[] = [];
  try {
    return await bringUp(options, releases);
  } catch (error) {
    for (const release of releases.toReversed()) await Promise.resolve(release()).catch(() => undefined);
    throw error;
  }
}

async function bringUp(options: StartOptions, releases: Release[]): Promise<Running> {
  const { config: given, log } = options;
  const metrics = createMetrics();
  const http = createHttpServer({ log, answered: metrics.answered }, proxyTest(given.trustProxy));
  await options.beforeListening?.();
  const port = await listenOn(http.server, { ...given, mayShare: given.role === 'worker', log });
  releases.push(() => closeServer(http.server, 0));
  const peerOf = peerReader(given.trustProxy);
  const place = { directory: root, development: given.development, host: given.host, port, peerOf };
  const wanted = options.screens && given.role !== 'worker';
  // PostgreSQL comes up in a process of its own while this one prepares the screens.
  const preparing = wanted ? startScreens(place) : Promise.resolve(null);
  preparing.catch(() => undefined);
  const url = await openDatabase(given, log, releases);
  await migrateToLatest(url);
  const screens = await preparing;
  const api = connect(url, API_CONNECTIONS);
  releases.push(api.close);
  const live = await openSettings(given, { db: api.db, url, log });
  const { config } = live;
  openLogFile(options.logOutput, live, log);
  const engineSide = connect(url, ENGINE_CONNECTIONS);
  releases.push(engineSide.close, live.close);
  const shown = ['0.0.0.0', '::'].includes(config.host) ? 'localhost' : config.host;
  const ownUrl = `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
  const publicUrl = config.publicUrl ?? ownUrl;
  const catalogue = catalogueOf(config, log);
  const keyring = await openKeyring(given, api.db);
  const redactor = options.redactor ?? new Redactor();
  const secrets = { keyring, redactor };
  const engine = await startEngine(
    {
      config,
      log,
      url,
      connection: engineSide,
      publicUrl,
      catalogue,
      meter: metrics.engine,
      commandsBlocked: await whyBlocked(live.atStart.sandbox_mode ?? 'auto'),
      ...secrets,
    },
    releases,
  );
  const schedules = startSchedules({ log, engine, catalogue, connection: engineSide });
  releases.push(() => schedules.stop());
  const pools = { api: api.pool, engine: engineSide.pool };
  const served = { given, live, config, log, url, api, engine, http, screens, metrics, pools, catalogue };
  const parts = { ...served, ...secrets };
  const services = config.role === 'worker' ? openWorker(parts, peerOf) : await openServer(parts, peerOf);
  return {
    url: ownUrl,
    port,
    stop: async ({ graceMs }) => {
      http.shut();
      const closed = closeServer(http.server, graceMs);
      // What it has taken is started while the engine still takes runs.
      await schedules.stop();
      // Nobody waits for the other: a client that is slow to hang up must not get more runs started here.
      await Promise.all([services?.closeSockets(), engine.stop({ graceMs })]);
      await closed;
      await services?.close();
      await screens?.close();
      // The engine and the server are down already; the rest goes in the order it came up, backwards.
      for (const release of releases.toReversed()) await release();
    },
  };
}

interface Serving {
  closeSockets(): Promise<void>;
  close(): Promise<void>;
}

interface Parts {
  /** As the environment says; `config` is with what was saved in the settings. */
  readonly given: Config;
  readonly live: LiveSettings;
  readonly config: Config;
  readonly log: Logger;
  readonly url: string;
  readonly api: Connection;
  readonly engine: Engine;
  readonly http: HttpServer;
  readonly screens: Screens | null;
  readonly metrics: Metrics;
  readonly pools: Readonly<Record<string, Pool>>;
  readonly catalogue: Catalogue;
  readonly keyring: Keyring;
  readonly redactor: Redactor;
}

async function openServer(parts: Parts, peerOf: ReturnType<typeof peerReader>): Promise<Serving> {
  const { config, log, url, api, engine, http, screens, metrics, pools, catalogue } = parts;
  const { keyring, redactor } = parts;
  const { secretKey } = keyring;
  const report = reportTo(log);
  const services = await createServices({
    db: api.db,
    url,
    engine,
    secretKey,
    sealer: keyring.sealer,
    redactor,
    ...catalogue,
    config: parts.given,
    live: parts.live,
    peerOf,
  });
  const patience = createPatience(url);
  const app = createApp({
    patience,
    handlers: services.handlers,
    links: services.links,
    identities: services.identities,
    peerOf,
    gatewayToken: config.gateway?.inboundToken ?? randomBytes(32).toString('base64url'),
    limits: createRateLimits(config.rateLimits),
    corsOrigins: config.corsOrigins,
    health: healthCheck(api.db, engine, version),
    version,
    report,
  });
  const sockets = attachSockets({
    db: api.db,
    url,
    engine,
    identities: services.identities,
    peerOf,
    log: engineLog(log),
    onOther: (incoming, socket, head) =>
      screens ? screens.upgrade(incoming, socket, head) : socket.destroy(),
  });
  metrics.watch({ engine, pools, sockets: sockets.count });
  const { identities } = services;
  http.open({
    app,
    webhooks: webhookListener(services.webhooks, report, patience),
    metrics: metricsListener({ identities, peerOf, text: metrics.text, report }),
    upgrade: sockets.upgrade,
    screens: screens?.answer ?? null,
  });
  if (!(await isSetUp(api.db))) {
    log.warn(
      `Nobody has an account yet. From another machine the set-up asks for this token: ${setupToken(secretKey)}`,
    );
  }
  return {
    closeSockets: () => sockets.close(),
    close: async () => {
      await Promise.all([services.close(), patience.close()]);
    },
  };
}

const engineLog =
  (log: Logger): EngineLog =>
  (level, message, detail) =>
    log[level](detail ?? {}, message);

const reportTo =
  (log: Logger): Report =>
  (error, where, requestId) =>
    log.error({ err: error, where, requestId }, 'unexpected error');

/** A worker answers nothing but whether it is well, and its figures. */
function openWorker(parts: Parts, peerOf: ReturnType<typeof peerReader>): null {
  const { log, api, engine, http, metrics, pools } = parts;
  metrics.watch({ engine, pools });
  const identities = createIdentities(api.db);
  const figures = metricsListener({ identities, peerOf, text: metrics.text, report: reportTo(log) });
  http.openWith(workerListener(healthCheck(api.db, engine, version), figures));
  return null;
}

interface EngineParts {
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
}

async function startEngine(
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
  const environment = createStepEnvironment({
    egressAllow: config.egressAllow,
    workers: 2,
    definitionOf,
    hostAccess: catalogue.definitions.some((one) => one.needsOperator),
    log: (message) => log.warn(message),
    vault,
    commandsBlocked,
    sandboxOf: createSandboxUse({ db, sealer, redactor, vault, dataDir: config.dataDir }),
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
    definitionOf,
    capabilities: environment.capabilities,
    render: environment.render,
    cleanerOf: (run) => redactor.forRun(run),
    log: engineLog(log),
    meter,
    afterRun: async (run) => {
      await afterScheduledRun(db, run);
      await startErrorRun(run);
    },
  });
  if (config.role !== 'server') releases.push(startPruning(config, log, db), pruneAuditLog(log, db));
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

/** Every process fires schedules: whichever is there first. */
function startSchedules({
  log,
  engine,
  catalogue,
  connection,
}: Pick<EngineParts, 'log' | 'connection' | 'catalogue'> & { readonly engine: Engine }): ScheduleRunner {
  const versions = new Versions(connection.db);
  return startScheduleRunner({
    db: connection.db,
    engine,
    definitionOf: catalogue.definitionOf,
    versionOf: (workflowId, revision) => versions.current(workflowId, revision),
    log: engineLog(log),
  });
}

async function openDatabase(config: Config, log: Logger, releases: Release[]): Promise<string> {
  const address = config.databaseUrl ?? (await savedDatabaseUrl(config.dataDir));
  if (address !== null) return address;
  const embedded = await startEmbedded({ dataDir: config.dataDir, log: (message) => log.info(message) });
  releases.push(() => embedded.stop());
  return embedded.url;
}
