import { AppError } from '#domain/problem.ts';
import { isGone } from '#server/engine/database-error.ts';
import { type Engine, EngineError } from '#server/engine/engine.ts';
import { answerOfRun, jsonAnswer, type WebhookAnswer } from './answer.ts';
import { payloadOf, type WebhookRequest } from './payload.ts';
import { type Target, type TargetOptions, Targets } from './target.ts';

export interface WebhookCall extends WebhookRequest {
  readonly token: string;
  readonly idempotencyKey: string | null;
  /** Reads and parses the body; called only for an address that takes the request. */
  readonly body: () => Promise<unknown>;
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
  return {
    call: async (call) => {
      const target = await targets.find(call.token);
      if (!target?.methods.has(call.method)) throw nothingHere();
      const body = await call.body();
      return start(engine, target, call, payloadOf(call, body));
    },
    changed: (workflowId) => targets.changed(workflowId),
    forget: () => targets.forget(),
  };
}

async function start(
  engine: Engine,
  target: Target,
  { idempotencyKey }: WebhookCall,
  payload: unknown,
): Promise<WebhookAnswer> {
  const request = {
    environmentId: target.environmentId,
    workflowId: target.workflowId,
    versionId: target.versionId,
    graph: target.graph,
    triggerNode: target.node,
    triggerKind: 'webhook',
    payload,
    startedBy: null,
    idempotencyKey,
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
    throw new AppError('unavailable', error.message, { retryAfterSeconds: 1 });
  }
}
