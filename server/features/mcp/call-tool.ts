import type { CallToolResult } from '@modelcontextprotocol/server';
import { AppError } from '#domain/problem.ts';
import { type Engine, EngineError, type RunResult, type StartRequest } from '#server/engine/engine.ts';
import { uuidV7 } from '#server/engine/uuid-v7.ts';
import {
  activeTriggers,
  type RunStartOptions,
  runnable,
  TARGET_COLUMNS,
} from '#server/run-start/run-target.ts';
import type { Viewer } from '../handler.ts';
import { callableTrigger } from './callable-trigger.ts';
import type { OfferedTool } from './offered-tool.ts';
import { problemInArguments } from './tool-schema.ts';

/** A call waits this long; the run itself goes on by its own limits. */
const LONGEST_MS = 15 * 60_000;

export interface ToolCall {
  readonly viewer: Viewer;
  readonly tool: OfferedTool;
  readonly args: Readonly<Record<string, unknown>>;
  /** Stops the run. */
  readonly signal: AbortSignal;
  /** Told what has been done so far, in words; null: nobody wants to know. */
  readonly onProgress: ((done: number, message: string) => void) | null;
}

type Options = Omit<RunStartOptions, 'engine'> & { readonly engine: Engine };

/** Runs a workflow for a client and waits for its end. Whatever goes wrong is a result the model is told. */
export async function callTool(options: Options, call: ToolCall): Promise<CallToolResult> {
  const wrong = problemInArguments(call.tool.inputSchema, call.args);
  if (wrong !== null) return failure(wrong);
  const request = await requestOf(options, call);
  if (typeof request === 'string') return failure(request);
  try {
    return resultOf(await awaitRun(options.engine, request, call));
  } catch (error) {
    if (error instanceof EngineError || error instanceof AppError) return failure(error.message);
    throw error;
  }
}

type Request = StartRequest & { readonly id: string };

/** The run to start, or why there is none. */
async function requestOf(options: Options, { viewer, tool, args }: ToolCall): Promise<Request | string> {
  const { db, definitionOf, versions } = options;
  const target = await db
    .selectFrom('workflows')
    .select(TARGET_COLUMNS)
    .where('id', '=', tool.workflowId)
    .where('environment_id', '=', viewer.environmentId)
    .executeTakeFirst();
  const trigger = target && callableTrigger(await activeTriggers({ db, definitionOf }, target.id));
  if (!target || !trigger) return `The workflow “${tool.title}” has no trigger that can be called.`;
  const run = await runnable({ versions, definitionOf }, target, trigger.nodeId);
  if ('problems' in run) {
    return `The workflow “${tool.title}” cannot run: ${run.problems.slice(0, 3).join(' ')}`;
  }
  return {
    ...run,
    id: uuidV7(),
    triggerKind: trigger.kind === 'workflow' ? 'workflow' : 'manual',
    payload: args,
    startedBy: viewer.userId,
    idempotencyKey: null,
  };
}

async function awaitRun(
  engine: Engine,
  request: Request,
  { signal, onProgress }: ToolCall,
): Promise<RunResult> {
  const stop = (): void => {
    engine.cancel(request.id).catch(() => undefined);
  };
  let isKnown = false;
  let done = 0;
  const unsubscribe = engine.subscribe(({ executionId, events }) => {
    if (executionId !== request.id) return;
    // Whoever hung up before the run was written down found nothing to stop.
    if (signal.aborted && !isKnown) stop();
    isKnown = true;
    if (!onProgress) return;
    for (const { type, data } of events) {
      if (type !== 'node_status' || data['status'] !== 'success') continue;
      if (data['is_part_call'] === true) continue;
      done += 1;
      onProgress(done, `${String(data['node_label'] ?? data['display_name'] ?? data['node_id'])} is done.`);
    }
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    return await engine.startAndWait(request, { timeoutMs: LONGEST_MS });
  } finally {
    signal.removeEventListener('abort', stop);
    unsubscribe();
  }
}

function resultOf({ executionId, status, output, reply, error }: RunResult): CallToolResult {
  if (status === 'failed') return failure(error?.message ?? 'The run has failed.', executionId);
  if (status === 'cancelled') return failure('The run was stopped.', executionId);
  if (status !== 'completed') {
    const message = `The run ${executionId} is still under way; it may wait for a person. Look at it in Pipewright.`;
    return {
      content: [{ type: 'text', text: message }],
      structuredContent: { execution_id: executionId, status },
    };
  }
  const value = reply ? reply.body : ((output as { output?: unknown } | null)?.output ?? output);
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const structuredContent = isObject ? (value as Record<string, unknown>) : { output: value ?? null };
  return { content: [{ type: 'text', text }], structuredContent };
}

const failure = (message: string, executionId?: string): CallToolResult => ({
  content: [{ type: 'text', text: message }],
  isError: true,
  ...(executionId !== undefined && { _meta: { 'pipewright/execution_id': executionId } }),
});
