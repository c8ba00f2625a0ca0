import { isTooDeep, MOST_LEVELS } from '../bounded-json.ts';
import type { ToolCall } from '../chat/message.ts';
import { type Capabilities, type Resumed, StepError } from '../node/executor.ts';
import { isAsked, permissionFor } from './ask.ts';
import type { AskBefore } from './config.ts';
import type { Spent } from './state.ts';
import type { CallEnd, PluggedTool, Toolset } from './toolset.ts';
import { toldTo } from './waiting.ts';

/** What calls of an agent's tools share. */
export interface Calling {
  readonly capabilities: Capabilities;
  readonly tools: Toolset;
  readonly askBefore: AskBefore;
  /** Of the step. */
  readonly resumed: Resumed | null;
}

/** Not for the model: the step itself is at its end. */
const ENDS_STEP: ReadonlySet<string> = new Set(['run_lost', 'aborted', 'cancelled', 'budget_exceeded']);

/**
 * Makes one call a model has asked for. What is wrong with the call, or goes wrong in it, is for the model to know.
 * @param key the same when the step begins anew
 * @throws what ends the step
 */
export async function makeCall(
  calling: Calling,
  call: ToolCall,
  key: string,
  spent: Spent & { readonly workedMs: number },
): Promise<CallEnd> {
  const tool = calling.tools.get(call.name);
  if (!tool) return failed(`There is no tool “${call.name}”. ${listed(calling.tools)}`);
  const args = argumentsOf(call);
  if (args === null) {
    const how = 'Write them as one JSON object and call the tool again.';
    return failed(
      isTooDeep(String(call.arguments))
        ? `The arguments are nested more than ${MOST_LEVELS} levels deep. ${how}`
        : `The arguments are not valid JSON. ${how}`,
    );
  }
  try {
    if (!('call' in tool)) return await callPlugged(calling, tool, args, key);
    tool.face.read?.(args);
  } catch (error) {
    if (!(error instanceof StepError) || ENDS_STEP.has(error.code)) throw error;
    return failed(error.message);
  }
  return tool.call(tool.face.read?.(args) ?? args, key, spent);
}

const failed = (message: string): CallEnd => ({ kind: 'told', result: message, isError: true });

const listed = (tools: Toolset): string =>
  tools.size === 0 ? 'You have no tools.' : `You have: ${[...tools.keys()].join(', ')}.`;

/** Models that call a function without arguments sometimes write nothing at all. */
function argumentsOf({ arguments: given }: ToolCall): object | null {
  if (typeof given !== 'string') return given;
  return given.trim() === '' ? {} : null;
}

async function callPlugged(calling: Calling, tool: PluggedTool, args: object, key: string): Promise<CallEnd> {
  const permission = await permissionOf(calling, tool, args, key);
  if (permission.kind !== 'granted') return permission.end;
  const told = toldTo(calling.resumed, key);
  if (told?.kind === 'wait') return { kind: 'waiting', waiting: [told.waiting] };
  const outcome = await calling.capabilities.callTool({
    part: tool.part,
    function: tool.function,
    args,
    key,
    resumed: told?.resumed ?? null,
  });
  if (outcome.kind === 'suspend') return { kind: 'waiting', waiting: [{ key, suspend: outcome }] };
  return { kind: 'told', result: outcome.result, isError: outcome.isError === true };
}

type Permitted = { readonly kind: 'granted' } | { readonly kind: 'not_yet'; readonly end: CallEnd };

/** What was thrown while a person has not answered yet, so that nothing is recorded. */
class Unanswered extends Error {
  readonly end: CallEnd;
  constructor(end: CallEnd) {
    super('Nobody has answered yet.');
    this.end = end;
  }
}

/** A person's answer counts once, and for good. */
async function permissionOf(
  { capabilities, askBefore: mode, resumed }: Calling,
  tool: PluggedTool,
  args: object,
  key: string,
): Promise<Permitted> {
  const { face, part } = tool;
  const intended = { mode, function: face, args, title: part.title, key, resumed: null };
  if (!isAsked(intended)) return { kind: 'granted' };
  const own = `ask:${key}`;
  const call = { key: own, kind: 'plan' as const, title: `Permission for ${face.name}`, request: args };
  try {
    const words = await capabilities.once(call, async () => {
      const told = toldTo(resumed, own);
      if (told?.kind === 'wait') throw new Unanswered({ kind: 'waiting', waiting: [told.waiting] });
      const answer = await permissionFor({ ...intended, resumed: told?.resumed ?? null }, capabilities);
      if (answer.kind === 'suspend') {
        throw new Unanswered({ kind: 'waiting', waiting: [{ key: own, suspend: answer }] });
      }
      return answer.kind === 'refused' ? answer.words : null;
    });
    return words === null ? { kind: 'granted' } : { kind: 'not_yet', end: failed(words) };
  } catch (error) {
    if (error instanceof Unanswered) return { kind: 'not_yet', end: error.end };
    throw error;
  }
}
