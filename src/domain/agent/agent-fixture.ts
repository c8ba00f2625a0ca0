import { z } from 'zod';
import type { Message, ToolCall } from '../chat/message.ts';
import { type ModelAnswer, type ModelRequest, NO_USAGE } from '../model/model.ts';
import type { RecordedCall, StreamPiece } from '../node/ai-capability.ts';
import type { Capabilities, Outcome, Resumed } from '../node/executor.ts';
import type { Part, Parts } from '../node/part.ts';
import { refusingCapabilities } from '../node/refusing-capabilities.ts';
import type { ToolFunction, ToolOutcome, ToolRequest } from '../node/tool.ts';
import { type AgentConfig, agentFields } from './config.ts';

/** What a scripted model says: text, calls of tools, or an error. */
export type Said =
  | string
  | Error
  | {
      readonly text?: string;
      readonly calls: readonly Asked[];
      readonly more?: Pick<ModelAnswer, 'searches' | 'native'>;
    };
type Asked = readonly [name: string, args: ToolCall['arguments']];

export const config = (given: Partial<AgentConfig> & Record<string, unknown> = {}) =>
  z.looseObject(agentFields).parse(given) as AgentConfig;

export const part = (id: string, slot: Part['slot'], own: Record<string, unknown> = {}): Part => ({
  id,
  type: slot === 'model' ? 'ai_model' : slot,
  title: id,
  slot,
  config: own,
  timeoutMs: 60_000,
  parts: {},
});

export const MODEL: Parts = { model: [part('m', 'model', { llm_credential_id: 1, model_name: 'scripted' })] };

export interface Stage {
  readonly capabilities: Capabilities;
  /** What the model was asked, in order. */
  readonly requests: ModelRequest[];
  /** What tools were called with, in order: `name {"json":"args"}`. */
  readonly made: string[];
  readonly said: string[];
  /** The keys of the calls something was said with. */
  readonly saidWith: Set<string>;
  readonly pieces: StreamPiece[];
  /** What is recorded; survives a new beginning. */
  readonly recorded: Map<string, { readonly call: RecordedCall; readonly result: unknown }>;
  kept: readonly Message[] | null;
  remembered: readonly Message[];
}

/** Everything an agent may use, scripted; it can begin anew on the same stage, as after a crash. */
export function stage(given: {
  readonly says: readonly Said[];
  readonly functions?: readonly ToolFunction[];
  readonly tool?: (request: ToolRequest) => ToolOutcome | Promise<ToolOutcome>;
  readonly now?: () => number;
  readonly more?: Partial<Capabilities>;
}): Stage {
  const says = [...given.says];
  const self: Stage = {
    requests: [],
    made: [],
    said: [],
    saidWith: new Set(),
    pieces: [],
    recorded: new Map(),
    kept: null,
    remembered: [],
    capabilities: refusingCapabilities({
      now: given.now ?? Date.now,
      once: async (call, work) => {
        const found = self.recorded.get(call.key);
        if (found) return found.result as never;
        const result = await work();
        if (self.recorded.has(call.key)) throw new Error(`${call.key} was used twice`);
        self.recorded.set(call.key, { call, result });
        return result;
      },
      model: async (request) => {
        self.requests.push(request);
        return answerOf(says.shift() ?? new Error('The script is at its end.'), self.requests.length);
      },
      toolFunctions: async () => given.functions ?? [],
      callTool: async (request) => {
        const found = self.recorded.get(`tool:${request.key}`);
        if (found) return { kind: 'done', result: found.result };
        self.made.push(`${request.function} ${JSON.stringify(request.args)}`);
        const outcome = (await given.tool?.(request)) ?? { kind: 'done', result: 'ok' };
        const call = { key: `tool:${request.key}`, kind: 'tool' as const, title: request.function };
        if (outcome.kind === 'done') self.recorded.set(call.key, { call, result: outcome.result });
        return outcome;
      },
      say: async (text, call) => {
        if (call === undefined || !self.saidWith.has(call)) self.said.push(text);
        if (call !== undefined) self.saidWith.add(call);
      },
      stream: (piece) => self.pieces.push(piece),
      conversation: async () => self.remembered,
      keepConversation: async (_, messages) => {
        self.kept = messages;
      },
      ...given.more,
    }),
  };
  return self;
}

function answerOf(said: Said, turn: number): ModelAnswer {
  if (said instanceof Error) throw said;
  const { text = '', calls, more } = typeof said === 'string' ? { text: said, calls: [], more: {} } : said;
  return {
    text,
    toolCalls: calls.map(([name, args], at) => ({ id: `c${turn}_${at}`, name, arguments: args })),
    finish: calls.length > 0 ? 'tool_calls' : 'stop',
    usage: NO_USAGE,
    model: 'scripted',
    ...more,
  };
}

/** What a suspended agent is told once everything it waits for has come. */
export function resumedWith(outcome: Outcome, signals: Readonly<Record<string, unknown>>): Resumed {
  if (outcome.kind !== 'suspend') throw new Error(`The agent does not wait, it is ${outcome.kind}.`);
  return { timedOut: false, signals, kept: JSON.parse(JSON.stringify(outcome.kept)) as unknown };
}
