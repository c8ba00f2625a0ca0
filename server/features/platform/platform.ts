import { may, refusal } from '#domain/access/permission.ts';
import type { PlatformAnswer, PlatformRequest } from '#domain/node/ai-capability.ts';
import { StepError } from '#domain/node/executor.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import { type Prepared, run } from '#server/http/operation.ts';
import { answerOf } from '#server/http/problem-response.ts';
import { audit } from '../audit-log.ts';
import type { RequestContext, Viewer } from '../handler.ts';
import { Buckets } from '../token-bucket.ts';
import { callKey, claimCall, completeCall, isOnce } from './call-once.ts';
import { isClosed, withoutSecrets } from './closed-operation.ts';
import { ownerOf } from './owner.ts';
import { createRouter } from './route.ts';
import { type StartByRun, startByRun, startsRun } from './started-run.ts';

export type CallingStep = Pick<
  StepPlace,
  'executionId' | 'workflowId' | 'environmentId' | 'rootId' | 'node' | 'call' | 'actor' | 'idempotencyKey'
>;

/** Calls an operation for a step. */
export type Platform = (place: CallingStep, request: PlatformRequest) => Promise<PlatformAnswer>;

export interface PlatformOptions {
  readonly db: Db;
  /** Of the contract: what can be called by address, too. */
  readonly operations: readonly Prepared[];
  /** What only runs can call, by name. */
  readonly own: readonly Prepared[];
  /** Told of what nobody meant to happen. */
  readonly report: (error: unknown, operation: string) => void;
}

/** Of the runs of one workflow, in this process. */
const CALLS_PER_MINUTE = 240;
const STARTS_PER_MINUTE = 30;

/**
 * The API for steps: the same operations, checks and permissions as over HTTP, for the owner of the step's workflow.
 * Refusals are answers, as over HTTP. @throws StepError `platform_failed` when the server itself has failed.
 */
export function createPlatform(options: PlatformOptions): Platform {
  const router = createRouter(options.operations);
  const ownRouter = createRouter(options.own);
  const own = new Set(options.own.map(({ id }) => id));
  const calls = new Buckets(CALLS_PER_MINUTE);
  const starts = new Buckets(STARTS_PER_MINUTE);
  return async (place, request) => {
    let id = 'operation' in request ? request.operation : `${request.method} ${request.path}`;
    try {
      take(calls, place, 'calls of the API');
      const isOwn = 'operation' in request && own.has(request.operation);
      const { prepared, input } = (isOwn ? ownRouter : router)(request);
      id = prepared.id;
      const viewer = await admitted(options.db, place, prepared, isOwn);
      const isStart = startsRun(id);
      if (isStart) take(starts, place, 'started runs');
      const start = isStart ? await startByRun(options.db, place, { id, input }) : null;
      const context = contextOf(place, viewer, start);
      const work = async (): Promise<PlatformAnswer> => {
        const output = await run(prepared, context, prepared.lenient(input) as Record<string, unknown>);
        return { status: prepared.operation.status, body: withoutSecrets(id, output ?? null) };
      };
      if (prepared.operation.method === 'get') return await work();
      const key = isStart || !isOnce(prepared) ? null : callKey(place, { id, input });
      return await recorded(options.db, place, { prepared, viewer, key, work });
    } catch (error) {
      const { status, body, unexpected } = answerOf(error, place.executionId);
      if (unexpected) options.report(error, id);
      if (status < 500) return { status, body };
      throw new StepError('platform_failed', `${id}: ${String(body['detail'])}`);
    }
  };
}

function take(buckets: Buckets, { workflowId }: CallingStep, what: string): void {
  const wait = buckets.take(String(workflowId));
  if (wait === 0) return;
  throw new AppError('too_many', `Too many ${what} by the runs of this workflow. Try again in ${wait} s.`, {
    retryAfterSeconds: wait,
  });
}

/** @throws AppError `forbidden` for what runs may not do, and for what their owner may not. */
async function admitted(
  db: Db,
  place: CallingStep,
  { id, operation }: Prepared,
  isOwn: boolean,
): Promise<Viewer> {
  const { access } = operation;
  if (access === 'public' || access === 'gateway' || access === 'visitor' || (!isOwn && isClosed(id))) {
    throw new AppError('forbidden', `Runs may not call ${id}: it is for people who have signed in.`);
  }
  const viewer = await ownerOf(db, place);
  if (!may(viewer, access)) throw new AppError('forbidden', refusal(access));
  return viewer;
}

function contextOf(
  { executionId, node }: CallingStep,
  viewer: Viewer,
  start: StartByRun | null,
): RequestContext {
  return {
    viewer,
    address: `execution ${executionId}`,
    local: false,
    secure: true,
    userAgent: 'pipewright execution',
    step: { executionId, node },
    idempotencyKey: start?.key ?? null,
    ...(start && { origin: start.origin }),
    setSession: () => undefined,
  };
}

interface Change {
  readonly prepared: Prepared;
  readonly viewer: Viewer;
  /** Null: it may be made again. */
  readonly key: string | null;
  readonly work: () => Promise<PlatformAnswer>;
}

/** Does what changes something, once, and writes down that it was the owner, through a run. */
async function recorded(
  db: Db,
  place: CallingStep,
  { prepared, viewer, key, work }: Change,
): Promise<PlatformAnswer> {
  const call = key === null ? null : { executionId: place.executionId, key, operation: prepared.id };
  const before = call && (await claimCall(db, call));
  if (before) return before;
  const answer = await work().catch(async (error: unknown) => {
    const { status, body } = answerOf(error, place.executionId);
    if (call && status < 500) await completeCall(db, call, { status, body });
    throw error;
  });
  await db.transaction().execute(async (trx) => {
    await audit(trx, {
      action: 'operation_called',
      actorId: viewer.userId,
      environmentId: viewer.environmentId,
      address: `execution ${place.executionId}`,
      target: prepared.id,
      detail: { via: 'execution', execution_id: place.executionId, node: place.actor || place.node },
    });
    if (call) await completeCall(trx, call, answer);
  });
  return answer;
}
