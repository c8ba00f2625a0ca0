import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Catalogue } from '#domain/node/available.ts';
import packageFile from '../package.json' with { type: 'json' };
import { catalogueOf } from './catalogue.ts';
import type { Config } from './config.ts';
import { type Connection, connect } from './db/connection.ts';
import { startEmbedded } from './db/embedded/start.ts';
import { migrateToLatest } from './db/migrate.ts';
import type { Engine } from './engine/engine.ts';
import { createIdentities } from './features/accounts/identity.ts';
import { isSetUp, setupToken } from './features/accounts/setup.ts';
import { hostedChat } from './features/chat/page.ts';
import { RunWakes } from './features/chat/run-stream.ts';
import { createMcpServer } from './features/mcp/mcp-server.ts';
import { type ScheduleRunner, startScheduleRunner } from './features/schedules/runner.ts';
import { savedDatabaseUrl } from './features/settings/database-address.ts';
import { whyBlocked } from './features/settings/environment.ts';
import { type LiveSettings, openSettings } from './features/settings/live.ts';
import { openLogFile } from './features/settings/log-file.ts';
import { Versions } from './features/workflows/version.ts';
import { createApp } from './http/app.ts';
import { chatRoutes } from './http/chat-routes.ts';
import { healthCheck } from './http/health.ts';
import { withHostedChats } from './http/hosted-screen.ts';
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
import { type LiveBus, openLiveBus } from './live/live-bus.ts';
import type { LogOutput } from './log-output.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { Redactor } from './redaction/redactor.ts';
import { PlatformDoor, platformOver, workerHandlers } from './run-platform.ts';
import { createServices } from './services.ts';
import { attachSockets } from './socket/attach.ts';
import { type EngineParts, engineLog, type Release, startEngine } from './start-engine.ts';

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
  const door = new PlatformDoor();
  const liveBus = await openLiveBus({ pool: engineSide.pool, url });
  releases.push(() => liveBus.close());
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
      platform: door.call,
      liveBus,
      ...secrets,
    },
    releases,
  );
  const schedules = startSchedules({ log, engine, catalogue, connection: engineSide });
  releases.push(() => schedules.stop());
  const pools = { api: api.pool, engine: engineSide.pool };
  const served = { given, live, config, log, url, api, engine, http, screens, metrics, pools, catalogue };
  const parts = { ...served, ...secrets, door, publicUrl, liveBus };
  const services = config.role === 'worker' ? openWorker(parts, peerOf) : await openServer(parts, peerOf);
  if (!services) releases.push(openWorkerPlatform(parts));
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
  readonly door: PlatformDoor;
  readonly liveBus: LiveBus;
  readonly publicUrl: string;
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
    liveBus: parts.liveBus,
    ...catalogue,
    config: parts.given,
    live: parts.live,
    peerOf,
  });
  parts.door.open(platformOver(services.api, { ...parts, db: api.db, sealer: keyring.sealer }));
  const patience = createPatience(url);
  const mcp = createMcpServer({
    db: api.db,
    engine,
    versions: new Versions(api.db),
    definitionOf: catalogue.definitionOf,
    version,
    onError: (error) => log.warn({ err: error }, 'an MCP request was refused or failed'),
  });
  const source = {
    identities: services.identities,
    peerOf,
    gatewayToken: config.gateway?.inboundToken ?? randomBytes(32).toString('base64url'),
    limits: createRateLimits(config.rateLimits),
  };
  const streams = { ...services.chat, engine, liveBus: parts.liveBus, wakes: new RunWakes(engine) };
  const chat = chatRoutes(streams, source);
  const app = createApp({
    ...source,
    patience,
    handlers: services.handlers,
    links: services.links,
    mcp,
    chat: chat.app,
    corsOrigins: config.corsOrigins,
    health: healthCheck(api.db, engine, version),
    version,
    report,
  });
  const sockets = attachSockets({
    db: api.db,
    url,
    engine,
    liveBus: parts.liveBus,
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
    screens: screens && withHostedChats(screens, (pageId) => hostedChat(api.db, pageId)),
  });
  if (!(await isSetUp(api.db))) {
    log.warn(
      `Nobody has an account yet. From another machine the set-up asks for this token: ${setupToken(secretKey)}`,
    );
  }
  return {
    closeSockets: () => {
      chat.close();
      return sockets.close();
    },
    close: async () => {
      await Promise.all([services.close(), patience.close(), mcp.close()]);
    },
  };
}

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

/** What steps may call of the API in a process that answers none of it. */
function openWorkerPlatform(parts: Parts): () => Promise<void> {
  const { keyring, catalogue, given: config, live, engine, redactor, api } = parts;
  const { handlers, close } = workerHandlers({
    db: api.db,
    engine,
    secretKey: keyring.secretKey,
    sealer: keyring.sealer,
    redactor,
    ...catalogue,
    config,
    live,
  });
  parts.door.open(platformOver(handlers, { ...parts, db: api.db, sealer: keyring.sealer }));
  return close;
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
