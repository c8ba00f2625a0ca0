import type { Message, ToolCall } from '../chat/message.ts';
import type { ModelAnswer, ModelChoice } from '../model/model.ts';
import type { Part } from '../node/part.ts';
import { type Calling, makeCall } from './call-tool.ts';
import { summaryRequest } from './compact.ts';
import { fitting } from './context.ts';
import { type AgentLimits, type Move, nextMove } from './move.ts';
import { toldError, toldResult } from './result.ts';
import { soFar, withSoFar } from './so-far.ts';
import { type AgentState, answered, type CallResult, called, compacted, withoutSealed } from './state.ts';
import type { CallEnd } from './toolset.ts';
import type { Waiting } from './waiting.ts';
import { watched } from './watch.ts';
import { noteSearches } from './web-search.ts';

/** One agent at work: the agent of the step, or one of its sub-agents. */
export interface Conversation extends Calling {
  /** Before the keys of its calls; empty for the agent of the step. */
  readonly prefix: string;
  /** The node of the model. */
  readonly model: Part;
  /** What the instructions say of skills; empty where there are none. */
  readonly skills: string;
  /** For people: the name of the model. */
  readonly title: string;
  readonly choice: ModelChoice;
  readonly system: string;
  readonly limits: AgentLimits;
  /** Milliseconds without a sign of life. */
  readonly silenceMs: number;
  /** What it says is shown in the conversation of the run. */
  readonly isHeard: boolean;
}

export type ConversationEnd =
  | { readonly kind: 'answered'; readonly state: AgentState; readonly text: string }
  | { readonly kind: 'gave_up'; readonly state: AgentState; readonly code: string; readonly message: string }
  | { readonly kind: 'waiting'; readonly waiting: readonly Waiting[] };

/**
 * Lets the agent go on until it has answered or has to wait. Everything that costs or acts is recorded, so that it
 * can begin anew at any time and comes to where it was.
 * @throws StepError of the model
 */
export async function converse(agent: Conversation, start: AgentState): Promise<ConversationEnd> {
  let state = start;
  for (;;) {
    const move = nextMove(state, agent.limits);
    if (move.kind === 'answer') return { kind: 'answered', state, text: move.text };
    if (move.kind === 'give_up') {
      return { kind: 'gave_up', state, code: move.code, message: move.message + soFar(state) };
    }
    try {
      const next = await make(agent, state, move);
      if ('waiting' in next) return { kind: 'waiting', waiting: next.waiting };
      state = next;
    } catch (error) {
      // What a sub-agent throws ends the whole step: then the agent of the step says how far it was.
      throw agent.prefix === '' ? withSoFar(error, state) : error;
    }
  }
}

type Working = Extract<Move, { kind: 'ask' | 'call' | 'compact' }>;

async function make(
  agent: Conversation,
  state: AgentState,
  move: Working,
): Promise<AgentState | { readonly waiting: readonly Waiting[] }> {
  if (move.kind === 'compact') return compact(agent, state, move);
  if (move.kind === 'ask') return ask(agent, state, move.messages);
  const from = agent.capabilities.now();
  const ends = await callAll(agent, state, move.calls);
  const waiting = ends.flatMap((end) => (end.kind === 'waiting' ? end.waiting : []));
  if (waiting.length > 0) return { waiting };
  return called(state, resultsOf(move.calls, ends), agent.capabilities.now() - from);
}

type Timed = ModelAnswer & { readonly ms: number };

async function ask(
  agent: Conversation,
  state: AgentState,
  conversation: readonly Message[],
): Promise<AgentState> {
  const { capabilities, tools, isHeard, prefix, title } = agent;
  const turn = state.turns + 1;
  const system: Message[] = agent.system === '' ? [] : [{ role: 'system', content: agent.system }];
  const messages = [...system, ...conversation];
  const functions = [...tools.values()].map(({ face: { read: _, harmless: __, ...face } }) => face);
  const shown = turn === 1 ? messages : sinceLastAnswer(conversation);
  const request = { messages: withoutSealed(shown), ...(turn === 1 && { tools: [...tools.keys()] }) };
  const show = (kind: 'text' | 'reasoning' | 'restart' | 'end', text = ''): void => {
    if (isHeard) capabilities.stream({ kind, turn, text });
  };
  let isNew = false;
  const call = { key: `${prefix}turn:${turn}`, kind: 'model' as const, title, request };
  const work = capabilities.once<Timed>(call, () => {
    isNew = true;
    // What another attempt has shown of this turn does not count.
    show('restart');
    return timed(agent, state, (alive) =>
      capabilities.model({
        choice: agent.choice,
        messages,
        ...(functions.length > 0 && { tools: functions }),
        onDelta: (delta) => {
          alive();
          show(delta.kind, delta.kind === 'restart' ? '' : delta.text);
        },
      }),
    );
  });
  // Broken off or not: nothing more is written of it, and it would be shown as unfinished for ever.
  const { ms, ...answer } = await work.finally(() => isNew && show('end'));
  await noteSearches(agent, `${prefix}${turn}`, answer.searches ?? []);
  // Said again where the answer was recorded and what it says got lost.
  if (isHeard && answer.text.trim() !== '') await capabilities.say(answer.text, call.key);
  return answered(state, answer, ms);
}

/** The part of a conversation that its last request has not held yet. */
const sinceLastAnswer = (messages: readonly Message[]): readonly Message[] =>
  messages.slice(messages.findLastIndex(({ role }) => role === 'assistant'));

async function timed(
  { capabilities, limits, silenceMs }: Conversation,
  { workedMs }: AgentState,
  work: (alive: () => void) => Promise<ModelAnswer>,
): Promise<Timed> {
  const from = capabilities.now();
  const answer = await watched(work, { silenceMs, wallMs: limits.maxWorkMs - workedMs });
  return { ...answer, ms: capabilities.now() - from };
}

async function compact(
  agent: Conversation,
  state: AgentState,
  { older, kept }: { readonly older: readonly Message[]; readonly kept: readonly Message[] },
): Promise<AgentState> {
  const { capabilities, choice, prefix, title, limits } = agent;
  const messages = summaryRequest(fitting(older, Math.floor(limits.room / 2)) ?? older.slice(-1));
  const call = {
    key: `${prefix}compact:${state.compactions + 1}`,
    kind: 'model' as const,
    title,
    request: { messages },
  };
  const { ms, text } = await capabilities.once<Timed>(call, () =>
    timed(agent, state, (alive) => capabilities.model({ choice, messages, onDelta: alive })),
  );
  return compacted(state, { summary: text, kept, ms });
}

/**
 * All calls of one answer at the same time. Where one ends the step, the others come to their end first: what they
 * have done is recorded then, and not done again by the next attempt.
 */
async function callAll(
  agent: Conversation,
  state: AgentState,
  calls: readonly ToolCall[],
): Promise<CallEnd[]> {
  const { silenceMs, limits, prefix, tools } = agent;
  const wallMs = limits.maxWorkMs - state.workedMs;
  const ends = await Promise.allSettled(
    calls.map((call, at) => {
      const tool = tools.get(call.name);
      // A sub-agent shows by itself that it lives.
      const patience = { silenceMs: tool && 'call' in tool ? wallMs : silenceMs, wallMs };
      return watched(() => makeCall(agent, call, `${prefix}${state.turns}:${at}`, state), patience);
    }),
  );
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}

function resultsOf(calls: readonly ToolCall[], ends: readonly CallEnd[]): CallResult[] {
  return calls.flatMap((call, at) => {
    const end = ends[at];
    if (end?.kind !== 'told') return [];
    return [{ call, told: wordsFor(call, end), ...(end.spent && { spent: end.spent }) }];
  });
}

function wordsFor(
  { name }: ToolCall,
  { result, isError, isInstruction }: Extract<CallEnd, { kind: 'told' }>,
): string {
  if (isError) return toldError(name, errorText(result));
  return isInstruction ? String(result) : toldResult(name, result);
}

/** What failed calls are recorded as: text, or `{ error, code }`. */
function errorText(result: unknown): string {
  if (typeof result === 'string') return result;
  const error: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, 'error') : null;
  return typeof error === 'string' ? error : JSON.stringify(result);
}
