import { type Capabilities, StepError } from '#domain/node/executor.ts';
import type { Part } from '#domain/node/part.ts';
import type { ToolOutcome, ToolRequest } from '#domain/node/tool.ts';
import type { NotedCall } from '#domain/node/tool-request.ts';
import { failureOf } from '#domain/run/execute-step.ts';
import type { PlannedParts } from '#domain/run/planned-part.ts';
import type { CapabilitiesOf, StepPlace } from './interface.ts';
import { createLight, litMemory, partById, partIn } from './part-light.ts';
import { preview } from './preview.ts';
import type { CallLog, CallRecord } from './step-calls.ts';
import { callFunction, functionsOf, type ToolTypes } from './tool-call.ts';

export interface CapabilityParts {
  readonly types: ToolTypes;
  readonly place: StepPlace;
  readonly calls: CallLog;
  /** What is plugged into whatever does this. */
  readonly plugged: PlannedParts;
  readonly outside: CapabilitiesOf;
  readonly now: () => number;
  readonly log: (line: string) => void;
  /** Tells the listeners of the run something about it; recorded with everything else. */
  readonly tell: (type: 'node_status' | 'chat_message', data: Record<string, unknown>) => void;
}

/** Everything one step may use: what the process gives, and what the engine does for it. */
export function stepCapabilities(parts: CapabilityParts): Capabilities {
  const { place, calls, outside, now, log, tell } = parts;
  const given = outside(place);
  const light = createLight(parts);
  return {
    ...given,
    ...litMemory(light, given, parts.plugged),
    now,
    log,
    once: async (call, work) => {
      const key = keyIn(place, call.key);
      const found = await calls.find(key);
      if (found) return found.result as never;
      const startedAt = now();
      const model = call.kind === 'model' ? partIn(parts.plugged, 'model') : null;
      const result = await light(model, { key, name: call.title }, work);
      return calls.record({ ...call, key, result, startedAt });
    },
    usePart: ({ part, key, name }, work) =>
      light(partById(parts.plugged, part), { key: keyIn(place, key), name }, work),
    toolFunctions: (part) => {
      const own = placeOf(parts, part, `functions:${part.id}`, place.signal);
      const plugged = partById(parts.plugged, part.id)?.parts ?? {};
      const capabilities = stepCapabilities({ ...parts, place: own, plugged });
      return functionsOf({ types: parts.types, part, place: own, capabilities });
    },
    callTool: (request) => callTool(parts, request),
    noteCall: (call) => noteCall(parts, call),
    say: async (text, call) => {
      const said = { text, node_id: place.node };
      if (call === undefined) return tell('chat_message', said);
      const call_key = keyIn(place, call);
      if (await calls.wasTold('chat_message', call_key)) return;
      tell('chat_message', { ...said, ...(place.scope !== '' && { scope: place.scope }), call_key });
    },
    place: () => ({
      executionId: place.executionId,
      workflowId: place.workflowId,
      environmentId: place.environmentId,
      node: place.actor,
      depth: place.depth,
      triggerKind: place.triggerKind,
    }),
  };
}

/** What a tool does itself is told apart from what others of the step do. */
const keyIn = ({ call }: StepPlace, key: string): string => (call === '' ? key : `${call}/${key}`);

/** The place of one call of a tool: its effects belong to the tool's node, its signals to the step. */
function placeOf({ place }: CapabilityParts, part: Part, key: string, signal: AbortSignal): StepPlace {
  const call = keyIn(place, key);
  const idempotencyKey = `${place.executionId}:${place.node}:${place.scope}:${call}`;
  return { ...place, actor: part.id, call, idempotencyKey, signal };
}

/** What listeners are told of one call of a tool. */
function tellingOf(parts: CapabilityParts, { part, function: name }: CallFace, key: string) {
  const { place, types, tell } = parts;
  const definition = types.definitionOf(part.type);
  const status = (state: string, detail: Record<string, unknown>): void =>
    tell('node_status', {
      node_id: part.id,
      status: state,
      component_type: part.type,
      display_name: definition?.title ?? part.type,
      node_label: part.title === part.id ? null : part.title,
      ...(place.scope !== '' && { scope: place.scope }),
      tool_name: name,
      parent_node_id: place.node,
      is_tool_call: true,
      call_key: key,
      ...detail,
    });
  const end = ({ result, isError }: Pick<CallRecord, 'result' | 'isError'>, detail: object = {}): void => {
    if (!isError) return status('success', { ...detail, output: preview({ result }).value });
    status('failed', { ...detail, error: String((result as { error?: unknown }).error).slice(0, 500) });
  };
  return { status, end };
}

type CallFace = Pick<ToolRequest, 'part' | 'function'>;

async function noteCall(parts: CapabilityParts, call: NotedCall): Promise<void> {
  const { calls, place, now } = parts;
  const { part, args, result, isError } = call;
  const key = keyIn(place, `tool:${call.key}`);
  const { status, end } = tellingOf(parts, call, key);
  if (await calls.find(key)) {
    if (!(await calls.wasTold('node_status', key))) end(call);
    return;
  }
  status('running', { arguments: preview(args).value });
  const title = call.function;
  const record = { key, kind: 'tool', title, toolNode: part.id, request: args, isError } as const;
  end({ result: await calls.record({ ...record, result, startedAt: now() }), isError });
}

async function callTool(parts: CapabilityParts, request: ToolRequest): Promise<ToolOutcome> {
  const { place, calls, now } = parts;
  const { part } = request;
  const key = keyIn(place, `tool:${request.key}`);
  const { status, end } = tellingOf(parts, request, key);
  const found = await calls.find(key);
  const startedAt = now();
  if (found) {
    if (!(await calls.wasTold('node_status', key))) end(found);
    return { kind: 'done', result: found.result, ...(found.isError && { isError: true }) };
  }
  if (!request.resumed) status('running', { arguments: preview(request.args).value });
  const outcome = await attempt(parts, request);
  if (outcome.kind === 'suspend') {
    status('waiting', { ...(outcome.shown && { shown: outcome.shown }) });
    return outcome;
  }
  const { isError = false } = outcome;
  const result = await calls.record({
    key,
    kind: 'tool',
    title: request.function,
    toolNode: part.id,
    request: request.args,
    result: outcome.result ?? null,
    isError,
    startedAt,
  });
  end({ result, isError }, { duration_ms: now() - startedAt });
  return { kind: 'done', result, ...(isError && { isError }) };
}

/** Errors are results as well: what to do about them is for the model to decide. */
async function attempt(parts: CapabilityParts, request: ToolRequest): Promise<ToolOutcome> {
  const { place, types } = parts;
  const { part } = request;
  const limit = AbortSignal.timeout(part.timeoutMs);
  const signal = AbortSignal.any([place.signal, limit]);
  const own = placeOf(parts, part, `tool:${request.key}`, signal);
  const plugged = partById(parts.plugged, part.id)?.parts ?? {};
  const capabilities = stepCapabilities({ ...parts, place: own, plugged });
  try {
    return await orAborted(callFunction({ types, part, place: own, capabilities }, request), signal);
  } catch (error) {
    if (place.signal.aborted) throw error;
    const { message, code } = limit.aborted
      ? { code: 'timeout', message: `It took longer than ${part.timeoutMs / 1000} seconds.` }
      : failureOf(error);
    if (code === 'run_lost') throw error;
    return { kind: 'done', isError: true, result: { error: message, code } };
  }
}

/** A tool that does not look at its signal is waited for no longer. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new StepError('cancelled', 'The call was stopped.'));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
