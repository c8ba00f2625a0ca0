import { z } from 'zod';
import { toolFunction } from '../node/tool.ts';
import { type Conversation, converse } from './converse.ts';
import { type Files, filesBelow, putBack } from './file-tool.ts';
import { begin, type Spent } from './state.ts';
import type { CallEnd, InnerTool } from './toolset.ts';
import type { Waiting } from './waiting.ts';

/** An agent that another one hands work to. */
export interface Subagent {
  readonly name: string;
  readonly description: string;
  readonly system_prompt: string;
  /** Empty: that of the agent. */
  readonly model: string;
}

const DEEPEST = 3;
/** How many sub-agents one step may ask in all: each may ask as many again. */
export const MOST_SUBAGENTS = 100;

/** What was thrown while a sub-agent waits, so that nothing is recorded. */
class StillWaiting extends Error {
  readonly waiting: readonly Waiting[];
  constructor(waiting: readonly Waiting[]) {
    super('The sub-agent waits.');
    this.waiting = waiting;
  }
}

/** How many sub-agents an agent has asked, those below it included. */
export interface AskedCount {
  times: number;
  /** That of the agent which has asked this one; null for the agent of the step. */
  readonly above: AskedCount | null;
}

function count(asked: AskedCount, times: number): void {
  for (let at: AskedCount | null = asked; at !== null; at = at.above) at.times += times;
}

const inAll = ({ times, above }: AskedCount): number => (above === null ? times : inAll(above));

export interface Team {
  readonly subagents: readonly Subagent[];
  /** How deep agents are in agents; the agent of the step is 0. */
  readonly depth: number;
  readonly asked: AskedCount;
  /** As the agent has them that asks. */
  readonly files: Files;
  /** Makes a sub-agent ready, with the tools it has besides those to ask others. */
  readonly prepare: (subagent: Subagent, way: Handover) => Conversation;
}

/** What a sub-agent is given besides its task. */
export interface Handover {
  /** Before the keys of its calls. */
  readonly prefix: string;
  readonly files: Files;
  readonly tools: readonly InnerTool[];
}

/** Handing work to sub-agents; each has a conversation of its own. */
export function subagentTools(team: Team): InnerTool[] {
  const { subagents, depth } = team;
  const names = subagents.map(({ name }) => name);
  const [first, ...rest] = names;
  if (first === undefined || depth >= DEEPEST) return [];
  const list = subagents.map(({ name, description }) => `- ${name}: ${description}`).join('\n');
  const parameters = z.object({
    name: z.enum([first, ...rest]),
    task: z
      .string()
      .min(1)
      .max(100_000)
      .describe('Everything it has to know; it sees nothing of this conversation.'),
  });
  const face = toolFunction({
    name: 'ask_subagent',
    description: `Hands a part of the task to a sub-agent and gives its answer. Several may work at the same time.\n${list}`,
    parameters,
  });
  const call: InnerTool['call'] = (args, key, spent) => {
    const { name, task } = args as z.output<typeof parameters>;
    const subagent = subagents.find((one) => one.name === name);
    if (!subagent) throw new Error(`The sub-agent ${name} is not there.`);
    return handOver(team, { subagent, task, key, spent });
  };
  return [{ face, call }];
}

interface HandOver {
  readonly subagent: Subagent;
  readonly task: string;
  readonly key: string;
  readonly spent: Spent & { readonly workedMs: number };
}

/** How a sub-agent is recorded. */
interface Answered {
  readonly result: string;
  readonly isError: boolean;
  readonly spent?: Spent;
  /** How many it stands for, with those below it. Rows of earlier versions do not say. */
  readonly asked?: number;
  /** Its files, and those of the sub-agents it has asked. */
  readonly written?: Readonly<Record<string, string>>;
}

async function handOver(team: Team, { subagent, task, key, spent }: HandOver): Promise<CallEnd> {
  const files = filesBelow(team.files);
  const asked: AskedCount = { times: 0, above: team.asked };
  const tools = subagentTools({ ...team, files, asked, depth: team.depth + 1 });
  const agent = team.prepare(subagent, { prefix: `${key}/`, files, tools });
  const { steps, toolCalls, workedMs } = spent;
  const call = { key: `agent:${key}`, kind: 'tool' as const, title: subagent.name, request: { task } };
  let isNew = false;
  try {
    const {
      written = {},
      asked: before = 1,
      ...told
    } = await agent.capabilities.once<Answered>(call, async () => {
      isNew = true;
      if (inAll(asked) >= MOST_SUBAGENTS) return { result: TOO_MANY, isError: true, asked: 0 };
      count(asked, 1);
      const start = begin([{ role: 'user', content: task }], { steps, toolCalls, workedMs });
      const end = await converse(agent, start);
      if (end.kind === 'waiting') throw new StillWaiting(end.waiting);
      const used = { steps: end.state.steps - steps, toolCalls: end.state.toolCalls - toolCalls };
      const shared = { spent: used, asked: asked.times, written: Object.fromEntries(files.written) };
      return end.kind === 'answered'
        ? { result: end.text, isError: false, ...shared }
        : { result: end.message, isError: true, ...shared };
    });
    if (!isNew) {
      putBack(team.files, written);
      count(asked, before);
    }
    return { kind: 'told', ...told };
  } catch (error) {
    if (error instanceof StillWaiting) return { kind: 'waiting', waiting: error.waiting };
    throw error;
  }
}

const TOO_MANY = `More than ${MOST_SUBAGENTS} sub-agents have been asked already. Do the work yourself.`;

export const SUBAGENT_RULE =
  'You work for another agent. Do the task you are given and answer with the result only; you cannot ask back.';
