import { StepError } from '../node/executor.ts';
import type { AgentState } from './state.ts';

const LONGEST = 600;

/** What an agent that is stopped had come to, as a sentence after the reason; empty where it had not begun. */
export function soFar({ said, turns, toolCalls }: AgentState): string {
  if (turns === 0) return '';
  const calls = toolCalls === 1 ? 'one tool' : `${toolCalls} tools`;
  const done = toolCalls === 0 ? '' : ` after it had called ${calls}`;
  if (said === '') return ` It had said nothing yet${done}.`;
  const text = said.length > LONGEST ? `${said.slice(0, LONGEST).trimEnd()}…` : said;
  return ` The last it had said${done}: “${text}”`;
}

/** These stop an agent in the middle of its work through no fault in what it does. */
const STOPS: ReadonlySet<string> = new Set(['agent_timeout', 'budget_exceeded']);

/** The error that ends a step, with what the agent had come to where it was stopped by a limit. */
export function withSoFar(error: unknown, state: AgentState): unknown {
  if (!(error instanceof StepError) || !STOPS.has(error.code)) return error;
  return new StepError(error.code, error.message + soFar(state), { permanent: error.permanent });
}
