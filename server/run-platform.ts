import type { Logger } from 'pino';
import { contract } from '#contract/contract.ts';
import { StepError } from '#domain/node/executor.ts';
import type { Db } from './db/connection.ts';
import { agentTotpCode } from './features/accounts/agent-totp.ts';
import { createOutbound } from './features/credentials/outbound.ts';
import { createHandlers, type HandlerOptions } from './features/handlers.ts';
import { ownHandlers, ownOperations } from './features/platform/own-operation.ts';
import { createPlatform, type Platform } from './features/platform/platform.ts';
import { ChangeNotice } from './features/workflows/change-notice.ts';
import { discoverWorkflows } from './features/workflows/discover.ts';
import { Versions } from './features/workflows/version.ts';
import { type Handlers, prepare } from './http/operation.ts';
import type { Sealer } from './sealing/sealer.ts';

export type ApiHandlers = ReturnType<typeof createHandlers>;

/** The API for steps. The engine takes it before there are handlers, which need the engine. */
export class PlatformDoor {
  #platform: Platform | null = null;

  /** @throws StepError `not_available` until it is open */
  readonly call: Platform = (place, request) => {
    if (!this.#platform) throw new StepError('not_available', 'Pipewright is starting. Try again.');
    return this.#platform(place, request);
  };

  open(platform: Platform): void {
    this.#platform = platform;
  }
}

export interface PlatformParts {
  readonly db: Db;
  readonly sealer: Sealer;
  readonly publicUrl: string;
  readonly log: Logger;
}

/** The operations of the contract, and those only runs have, over these handlers. */
export function platformOver(handlers: ApiHandlers, { db, sealer, publicUrl, log }: PlatformParts): Platform {
  const { agents, credentials } = handlers;
  const own = ownHandlers({
    db,
    agents,
    credentials,
    publicUrl,
    totpCode: (viewer, username) => agentTotpCode({ db, sealer }, viewer, username),
    discover: (viewer, request) => discoverWorkflows(db, viewer, request),
  });
  return createPlatform({
    db,
    operations: prepare(contract, handlers as unknown as Handlers),
    own: prepare(ownOperations, own as unknown as Handlers),
    report: (error, operation) => log.error({ err: error, operation }, 'an operation called by a run failed'),
  });
}

/** Handlers for a process that answers no requests. */
export function workerHandlers(options: Omit<HandlerOptions, 'versions' | 'notice' | 'outbound'>): {
  readonly handlers: ApiHandlers;
  close(): Promise<void>;
} {
  const { db, live } = options;
  const outbound = createOutbound(live.config);
  const handlers = createHandlers({
    ...options,
    outbound,
    versions: new Versions(db),
    notice: new ChangeNotice(),
  });
  return { handlers, close: () => outbound.close() };
}
