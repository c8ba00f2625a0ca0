import type { IncomingMessage } from 'node:http';
import type { AnyDefinition, DefinitionOf } from '#domain/node/definition.ts';
import type { Config } from './config.ts';
import type { Db } from './db/connection.ts';
import { listen } from './db/listener.ts';
import type { Engine } from './engine/engine.ts';
import { createIdentities, type Identities } from './features/accounts/identity.ts';
import { createStreamAccess, type StreamAccess } from './features/chat/stream-access.ts';
import { createVisits } from './features/chat/visitor.ts';
import { createOutbound } from './features/credentials/outbound.ts';
import { startRunWatch } from './features/epics/run-watch.ts';
import { createLinks, type Links } from './features/executions/link.ts';
import { createHandlers } from './features/handlers.ts';
import { DELIVERIES_DUE } from './features/inbound/delivery.ts';
import { startSender } from './features/inbound/sender.ts';
import type { LiveSettings } from './features/settings/live.ts';
import { createWebhooks, type Webhooks } from './features/webhooks/webhooks.ts';
import { ChangeNotice } from './features/workflows/change-notice.ts';
import { findWorkflow } from './features/workflows/store.ts';
import { Versions } from './features/workflows/version.ts';
import { WORKFLOWS_CHANGED } from './features/workflows/workflow-event.ts';
import type { Handlers } from './http/operation.ts';
import type { Peer } from './http/peer.ts';
import type { LiveBus } from './live/live-bus.ts';
import type { Redactor } from './redaction/redactor.ts';
import type { Sealer } from './sealing/sealer.ts';

export interface ServiceOptions {
  readonly db: Db;
  readonly url: string;
  readonly engine: Engine;
  readonly secretKey: string;
  readonly sealer: Sealer;
  readonly redactor: Redactor;
  readonly liveBus: LiveBus;
  readonly definitions: readonly AnyDefinition[];
  readonly definitionOf: DefinitionOf;
  readonly config: Config;
  readonly live: LiveSettings;
  readonly peerOf: (incoming: IncomingMessage) => Peer;
}

/** Everything a process that answers requests consists of, put together. */
export interface Services {
  readonly handlers: Handlers;
  /** The same, each with its own types. */
  readonly api: ReturnType<typeof createHandlers>;
  readonly identities: Identities;
  readonly webhooks: Webhooks;
  readonly links: Links;
  /** Whose chats a request may reach. */
  readonly chat: { readonly db: Db; readonly access: StreamAccess };
  close(): Promise<void>;
}

export async function createServices(options: ServiceOptions): Promise<Services> {
  const { db, engine, definitionOf } = options;
  const versions = new Versions(db);
  const notice = new ChangeNotice();
  const identities = createIdentities(db);
  const versionOf = (workflowId: number, revision: number) => versions.current(workflowId, revision);
  const webhooks = createWebhooks(engine, { db, definitionOf, versionOf, sealer: options.sealer });
  notice.listen((workflowId) => webhooks.changed(workflowId));
  const outbound = createOutbound(options.live.config);
  const sender = startSender({ db, send: (message) => outbound.gateway.send(message) });
  const listener = await listen({
    url: options.url,
    channels: {
      [WORKFLOWS_CHANGED]: (id) => webhooks.changed(Number(id)),
      [DELIVERIES_DUE]: () => sender.look(),
    },
    onConnected: () => webhooks.forget(),
  });
  const stopRunWatch = startRunWatch(db);
  const handlers = createHandlers({ ...options, versions, notice, outbound });
  return {
    handlers: handlers as unknown as Handlers,
    api: handlers,
    identities,
    webhooks,
    links: createLinks(db),
    chat: {
      db,
      access: createStreamAccess({
        db,
        visits: createVisits(options.secretKey),
        findWorkflow: (viewer, slug) => findWorkflow(db, viewer, slug),
      }),
    },
    close: async () => {
      await Promise.all([stopRunWatch(), listener.close(), sender.close()]);
      await outbound.close();
    },
  };
}
