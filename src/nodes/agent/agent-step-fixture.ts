import { z } from 'zod';
import { config, MODEL, part, type Said, type Stage } from '#domain/agent/agent-fixture.ts';
import type { Message } from '#domain/chat/message.ts';
import type { Outcome, Resumed } from '#domain/node/executor.ts';
import type { Parts } from '#domain/node/part.ts';
import { toolFunction } from '#domain/node/tool.ts';
import { execute } from './executor.ts';

export const look = toolFunction({
  name: 'look',
  description: 'Looks.',
  parameters: z.object({ at: z.string() }),
});
const TOOLS: Parts = { ...MODEL, tools: [part('t', 'tool')] };

interface Run {
  readonly config?: Record<string, unknown>;
  readonly parts?: Parts;
  readonly messages?: unknown;
  readonly resumed?: Resumed | null;
}

export async function run(on: Stage, given: Run = {}): Promise<Outcome> {
  const input = {
    inputs: given.messages === undefined ? { messages: 'Hello.' } : { messages: given.messages },
    config: config(given.config),
    parts: given.parts ?? TOOLS,
    trigger: {},
    nodes: {},
    loop: null,
    resumed: given.resumed ?? null,
    idempotencyKey: 'k',
    attempt: 1,
    signal: new AbortController().signal,
  };
  return execute(input, on.capabilities);
}

export async function outputOf(on: Stage, given: Run = {}): Promise<string> {
  const outcome = await run(on, given);
  if (outcome.kind !== 'done') throw new Error(`The agent is not done, it is ${outcome.kind}.`);
  return String(outcome.outputs['output']);
}

/** What the model was told last. */
export const lastTold = (on: Stage): Message[] => [...(on.requests.at(-1)?.messages ?? [])];
export const toolMessages = (on: Stage): string[] =>
  lastTold(on).flatMap((one) => (one.role === 'tool' ? one.content : []));
export const CALLS: Said = {
  text: 'I look.',
  calls: [
    ['look', { at: 'a' }],
    ['look', { at: 'b' }],
  ],
};
