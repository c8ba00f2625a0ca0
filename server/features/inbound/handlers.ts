import { sql } from 'kysely';
import type { Contract } from '#contract/contract.ts';
import type { Graph } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { isGone } from '#server/engine/database-error.ts';
import { type Engine, EngineError } from '#server/engine/engine.ts';
import { uuidV7 } from '#server/engine/uuid-v7.ts';
import { GATEWAY_KIND } from '#server/run-start/gateway-kind.ts';
import type { HandlersOf } from '../handler.ts';
import { answerConfirmation, type CastVote } from './confirmation.ts';
import { type Identity, identityOf } from './identity.ts';
import { commandOf, keyOf, type Message, payloadOf, type Route, routeOf } from './message.ts';

/** A message that begins a run, for the conversation it belongs to. */
export interface SaidMessage {
  readonly userId: number;
  readonly chatId: string;
  readonly workflow: { readonly id: number; readonly environment_id: number };
  readonly executionId: string;
  readonly text: string;
}

export interface InboundOptions {
  readonly db: Db;
  /** Writes down what was said before its run begins. @returns the way to take it back, when there is no run. */
  readonly keepMessage: (said: SaidMessage) => Promise<() => Promise<void>>;
  readonly engine: Pick<Engine, 'start'>;
  readonly castVote: CastVote;
  readonly definitionOf: DefinitionOf;
  /** The stored version of a workflow's newest revision; null when the workflow is gone. */
  readonly versionOf: (
    workflowId: number,
    revision: number,
  ) => Promise<{ readonly versionId: number; readonly graph: Graph } | null>;
}

/** Messages of the gateway: each starts a run, or answers what a run asks. */
export function inboundHandlers(options: InboundOptions): HandlersOf<Contract['inbound']> {
  return {
    receive: async (_context, message) => {
      const route = routeOf(message);
      const workflow = await findWorkflow(options, route, message.credential_id);
      const { source } = message;
      const identity = await identityOf(options.db, {
        protocol: source.protocol,
        from: source.from ?? null,
      });
      const command = commandOf(message.text);
      if (!command) return startRun(options, { workflow, route, message, identity });
      const status = await answerConfirmation(options, {
        ...command,
        credentialId: message.credential_id,
        chatId: source.chat_id,
        identity,
      });
      return { status, task_id: command.id };
    },
  };
}

const noWorkflow = (): AppError => new AppError('not_found', 'Workflow not found');

/** @throws AppError in the documented words. */
async function findWorkflow(
  { db, definitionOf }: InboundOptions,
  { slug, node }: Route,
  credentialId: string,
) {
  const workflow = await db
    .selectFrom('workflows')
    .select(['id', 'environment_id', 'is_active', 'revision', 'max_execution_seconds', 'priority'])
    .select('deadline_counts_waits')
    .where('slug', '=', slug)
    .executeTakeFirst();
  if (!workflow || (await isForeign(db, credentialId, workflow.environment_id))) throw noWorkflow();
  if (!workflow.is_active) throw new AppError('invalid', 'Workflow is inactive');
  const trigger = await db
    .selectFrom('nodes')
    .select('type')
    .where('workflow_id', '=', workflow.id)
    .where('node_id', '=', node)
    .executeTakeFirst();
  if (!trigger || !definitionOf(trigger.type)?.trigger) {
    throw new AppError('not_found', 'Trigger node not found');
  }
  return workflow;
}

/** Whoever owns a credential says where its messages go; they stay within the environment it belongs to. */
async function isForeign(db: Db, credentialId: string, environmentId: number): Promise<boolean> {
  const home = await db
    .selectFrom('credentials')
    .select('environment_id')
    .where('type', '=', 'gateway')
    .where(sql<string>`public_detail->>'gateway_credential_id'`, '=', credentialId)
    .executeTakeFirst();
  return home !== undefined && home.environment_id !== environmentId;
}

interface Start {
  readonly workflow: Awaited<ReturnType<typeof findWorkflow>>;
  readonly route: Route;
  readonly message: Message;
  readonly identity: Identity;
}

/** The same message leads to the same run, however often it comes. */
async function startRun(options: InboundOptions, { workflow, route, message, identity }: Start) {
  const { engine, versionOf, db } = options;
  const version = await versionOf(workflow.id, workflow.revision);
  if (!version) throw noWorkflow();
  const idempotencyKey = keyOf(message);
  const known = await findRun(db, workflow.id, idempotencyKey);
  if (known !== null) return { execution_id: known, status: 'pending' as const };
  const payload = payloadOf(message, identity.userId);
  const id = uuidV7();
  const said = {
    userId: identity.userId,
    chatId: payload.chat_id,
    workflow,
    executionId: id,
    text: payload.text,
  };
  const takeBack = await options.keepMessage(said).catch((error: unknown) => {
    throw isGone(error) ? noWorkflow() : error;
  });
  try {
    const { executionId } = await engine.start({
      id,
      environmentId: workflow.environment_id,
      workflowId: workflow.id,
      versionId: version.versionId,
      graph: version.graph,
      triggerNode: route.node,
      triggerKind: GATEWAY_KIND,
      payload,
      startedBy: identity.userId,
      idempotencyKey,
      deadlineSeconds: workflow.max_execution_seconds,
      priority: workflow.priority,
      options: workflow.deadline_counts_waits ? { countsWaits: true } : {},
    });
    // The same message came twice at once, and the other one was first.
    if (executionId !== id) await takeBack();
    return { execution_id: executionId, status: 'pending' as const };
  } catch (error) {
    // Where this is not possible either, the conversation says that nothing came of the message.
    await takeBack().catch(() => undefined);
    if (isGone(error)) throw noWorkflow();
    if (!(error instanceof EngineError)) throw error;
    // The message came before, with something else in it: what the gateway adds may change between two tries.
    const earlier = error.code === 'conflict' ? await findRun(db, workflow.id, idempotencyKey) : null;
    if (earlier === null) throw new AppError('internal', 'Execution failed to start');
    return { execution_id: earlier, status: 'pending' as const };
  }
}

async function findRun(db: Db, workflowId: number, key: string | null): Promise<string | null> {
  if (key === null) return null;
  const row = await db
    .selectFrom('executions')
    .select('id')
    .where('workflow_id', '=', workflowId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
  return row?.id ?? null;
}
