import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { isGone } from '#server/engine/database-error.ts';
import { type Engine, EngineError } from '#server/engine/engine.ts';
import { Buckets } from '../token-bucket.ts';
import { answerOfRun, jsonAnswer, type WebhookAnswer } from './answer.ts';
import { checkCaller, deliveryIdOf } from './caller.ts';
import { runKeyOf, runWith } from './delivery.ts';
import { payloadOf, type WebhookRequest } from './payload.ts';
import { type Target, type TargetOptions, Targets } from './target.ts';

export interface WebhookCall extends WebhookRequest {
  readonly token: string;
  readonly idempotencyKey: string | null;
  /** Reads the body; called only for an address that takes the request. */
  readonly read: () => Promise<Buffer>;
  /** What the body says. @throws AppError for what is neither JSON, a form nor text. */
  readonly parse: (raw: Buffer) => unknown;
}

export interface Webhooks {
  /** Starts a run for a request. @throws AppError in the words of the API. */
  call(call: WebhookCall): Promise<WebhookAnswer>;
  changed(workflowId: number): void;
  forget(): void;
}

/** What no address, a switched-off one and a wrong method all get: nothing to tell them apart by. */
const nothingHere = (): AppError => new AppError('not_found', 'Not Found');

export function createWebhooks(engine: Engine, options: TargetOptions): Webhooks {
  const targets = new Targets(options);
  const rates = new Buckets(0);
  return {
    call: async (call) => {
      const target = await targets.find(call.token);
      if (!target?.methods.has(call.method)) throw nothingHere();
      const isOpen = target.caller.kind === 'none';
      if (isOpen) refuseBeyond(rates, call.token, target.rateLimit);
      const raw = await call.read();
      const signature = isOpen ? null : checkCaller(target.caller, { headers: call.headers, raw });
      // Strangers do not use up what the real caller may send.
      if (!isOpen) refuseBeyond(rates, call.token, target.rateLimit);
      const payload = payloadOf(call, call.parse(raw));
      if (signature === null) {
        const key = call.idempotencyKey === null ? null : `sent ${target.node} ${call.idempotencyKey}`;
        return start(engine, target, { payload, key });
      }
      const request = { headers: call.headers, raw };
      const { workflowId, node } = target;
      const delivery = { workflowId, node, signature, id: deliveryIdOf(request), raw };
      const key = await runKeyOf(options.db, delivery);
      return startOnce(engine, options.db, target, { payload, key });
    },
    changed: (workflowId) => targets.changed(workflowId),
    forget: () => targets.forget(),
  };
}

function refuseBeyond(rates: Buckets, token: string, perMinute: number): void {
  const wait = rates.take(token, perMinute);
  if (wait === 0) return;
  const detail = `This address takes ${perMinute.toLocaleString('en-US')} requests a minute.`;
  throw new AppError('too_many', detail, { retryAfterSeconds: wait });
}

interface NewCall {
  readonly payload: unknown;
  readonly key: string | null;
}

/** A signed request that came before gets its run, also when it came by another way and looks a little different. */
async function startOnce(
  engine: Engine,
  db: Db,
  target: Target,
  call: NewCall & { readonly key: string },
): Promise<WebhookAnswer> {
  try {
    return await start(engine, target, call);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    const execution_id = await runWith(db, target.workflowId, call.key);
    if (execution_id === null) throw error;
    return jsonAnswer(target.wait ? 200 : target.status, { execution_id });
  }
}

async function start(engine: Engine, target: Target, { payload, key }: NewCall): Promise<WebhookAnswer> {
  const request = {
    environmentId: target.environmentId,
    workflowId: target.workflowId,
    versionId: target.versionId,
    graph: target.graph,
    triggerNode: target.node,
    triggerKind: 'webhook',
    payload,
    startedBy: null,
    idempotencyKey: key,
    deadlineSeconds: target.deadlineSeconds,
    priority: target.priority,
    options: target.options,
  };
  try {
    if (target.wait) return answerOfRun(await engine.startAndWait(request, { timeoutMs: target.waitMs }));
    const { executionId } = await engine.start(request);
    return jsonAnswer(target.status, { execution_id: executionId });
  } catch (error) {
    if (isGone(error)) throw nothingHere();
    if (!(error instanceof EngineError)) throw error;
    if (error.code === 'conflict') throw new AppError('conflict', error.message);
    if (error.code === 'full') throw new AppError('too_many', error.message, { retryAfterSeconds: 5 });
    throw new AppError('unavailable', error.message, { retryAfterSeconds: 1 });
  }
}
