import type { Graph } from '#domain/graph/graph.ts';
import { problemsOnPath } from '#domain/graph/validate.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { RunOrigin } from '#domain/run/option.ts';
import type { Db } from '#server/db/connection.ts';
import { isGone } from '#server/engine/database-error.ts';
import { type Engine, EngineError, type StartRequest } from '#server/engine/engine.ts';
import { uuidV7 } from '#server/engine/uuid-v7.ts';
import { problemsOf, refuseProblems } from '#server/run-start/graph-problem.ts';
import { runOptionsOf } from '#server/run-start/run-option.ts';
import { type Attachment, payloadOf, storeAttachments } from './attachment.ts';
import { chatTrigger } from './chat-trigger.ts';
import { type Asked, type AskedMessage, askedWith, earlierRun, type Sent, sentOut } from './repeated.ts';
import { dropFrom, type Rewrite, readRewrite, stopDropped } from './rewrite.ts';
import { knownThread, openThread, type Store } from './thread.ts';

export interface SendOptions {
  readonly db: Db;
  readonly engine: Pick<Engine, 'start' | 'cancel'>;
  readonly definitionOf: DefinitionOf;
  /** The stored version of a workflow's newest revision; null when the workflow is gone. */
  readonly versionOf: (
    workflowId: number,
    revision: number,
  ) => Promise<{ readonly versionId: number; readonly graph: Graph } | null>;
}

/** A workflow as far as starting it goes. */
export interface TalkingWorkflow {
  readonly id: number;
  readonly environment_id: number;
  readonly revision: number;
  readonly max_execution_seconds: number;
  readonly priority: number;
  readonly deadline_counts_waits: boolean;
}

export interface Sending extends AskedMessage {
  readonly workflow: TalkingWorkflow;
  /** Whose run it is; null: a visitor's. */
  readonly startedBy: number | null;
  /** Of the run, where another one says this. */
  readonly origin?: RunOrigin | undefined;
  /** Part of the transaction that takes the message; whatever it throws refuses it. */
  readonly admit?: (trx: Store, executionId: string) => Promise<void>;
}

/**
 * Takes a message: it is stored first, then its run is started, so that whatever the run says finds it.
 * @throws AppError in the documented words; nothing is left behind then
 */
export async function send(options: SendOptions, sending: Sending): Promise<Sent> {
  const { db } = options;
  const asked = askedWith(sending);
  const earlier = asked && (await earlierRun(db, sending.place, asked));
  if (earlier) return earlier;
  await knownThread(db, sending.place);
  const request = await startRequest(options, sending, asked);
  const rewrite = await readRewrite(db, sending);
  if (rewrite) await stopDropped(options, rewrite);
  const text = rewrite?.text ?? sending.text;
  const attachments = rewrite?.attachments ?? sending.attachments;
  const executionId = uuidV7();
  const message = { executionId, text, attachments, rewrite };
  const messageId = await db.transaction().execute((trx) => storeMessage(trx, sending, message));
  const payload = payloadOf(text, attachments);
  const started = await startRun(options, { ...request, id: executionId, payload }).catch(
    async (error: unknown) => {
      // What an edit has dropped cannot come back: the message stays, and says that nothing came of it.
      if (!rewrite) await takeBack(db, { messageId, executionId });
      throw error;
    },
  );
  if (started !== executionId) {
    // The same request came twice at once, and the other one was first.
    await takeBack(db, { messageId, executionId });
    const first = asked && (await earlierRun(db, sending.place, asked));
    if (first) return first;
  }
  return sentOut(sending.place, { executionId: started, messageId });
}

type Start = Omit<StartRequest, 'id' | 'payload'>;

/** @throws AppError `not_found` in the documented words, `invalid` when what is to run has errors */
async function startRequest(options: SendOptions, sending: Sending, asked: Asked | null): Promise<Start> {
  const { db, definitionOf, versionOf } = options;
  const { workflow, triggerNodeId, startedBy } = sending;
  const triggerNode = await chatTrigger(db, workflow.id, triggerNodeId ?? null);
  const version = await versionOf(workflow.id, workflow.revision);
  if (!version) throw new AppError('not_found', 'Workflow not found.');
  const { graph, versionId } = version;
  refuseProblems(problemsOnPath(problemsOf(graph, definitionOf), graph, triggerNode, definitionOf));
  return {
    environmentId: workflow.environment_id,
    workflowId: workflow.id,
    versionId,
    graph,
    triggerNode,
    triggerKind: 'chat',
    startedBy,
    idempotencyKey: asked?.key ?? null,
    ...(asked && { requestDigest: asked.digest }),
    deadlineSeconds: workflow.max_execution_seconds,
    priority: workflow.priority,
    options: runOptionsOf(workflow, sending.origin),
  };
}

interface NewMessage {
  readonly executionId: string;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly rewrite: Rewrite | null;
}

const TITLE = 80;

async function storeMessage(trx: Store, sending: Sending, message: NewMessage): Promise<string> {
  const { executionId, text, attachments, rewrite } = message;
  const threadRow = await openThread(trx, sending.place);
  await sending.admit?.(trx, executionId);
  if (rewrite) await dropFrom(trx, sending.place, rewrite);
  const { id } = await trx
    .insertInto('chat_messages')
    .values({ chat_thread_id: threadRow, role: 'user', text, execution_id: executionId })
    .returning('id')
    .executeTakeFirstOrThrow();
  await storeAttachments(trx, id, attachments);
  const [first = ''] = text.trim().split('\n');
  await trx
    .updateTable('chat_threads')
    .set((eb) => ({
      updated_at: new Date(),
      title: eb
        .case()
        .when('title', '=', '')
        .then(first.slice(0, TITLE).toWellFormed())
        .else(eb.ref('title'))
        .end(),
    }))
    .where('id', '=', threadRow)
    .execute();
  return id;
}

/** @throws AppError in the documented words */
async function startRun({ engine }: SendOptions, request: StartRequest): Promise<string> {
  try {
    const { executionId } = await engine.start(request);
    return executionId;
  } catch (error) {
    if (isGone(error)) throw new AppError('not_found', 'Workflow not found.');
    if (!(error instanceof EngineError)) throw error;
    if (error.code === 'conflict') throw new AppError('conflict', error.message);
    if (error.code === 'full') throw new AppError('too_many', error.message, { retryAfterSeconds: 5 });
    throw new AppError('unavailable', 'Failed to enqueue workflow execution.', { retryAfterSeconds: 1 });
  }
}

async function takeBack(
  db: Db,
  { messageId, executionId }: { readonly messageId: string; readonly executionId: string },
): Promise<void> {
  const gone = db.transaction().execute(async (trx) => {
    await trx.deleteFrom('chat_messages').where('id', '=', messageId).execute();
    await trx.deleteFrom('chat_visits').where('execution_id', '=', executionId).execute();
  });
  // Where even this is not possible, the history says later that nothing came of the message.
  await gone.catch(() => undefined);
}
