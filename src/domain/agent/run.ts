import { choiceOf, pluggedModel } from '../model/config.ts';
import { type Capabilities, type Outcome, StepError, type StepInput } from '../node/executor.ts';
import type { AgentConfig } from './config.ts';
import { type Conversation, converse } from './converse.ts';
import { sound } from './group.ts';
import { messagesFor } from './input.ts';
import { limitsFor } from './limit.ts';
import { keep, recall, rememberedBy } from './memory-use.ts';
import { RESULT_RULE } from './result.ts';
import { skillList, skillsOf, skillTools } from './skill.ts';
import { begin, withoutSealed } from './state.ts';
import { type InnerTool, toolsetOf, withInner } from './toolset.ts';
import { suspendFor } from './waiting.ts';
import { toolParts, WEB_SEARCH } from './web-search.ts';

export type AgentInput = Pick<StepInput, 'inputs' | 'parts' | 'resumed'> & { readonly config: AgentConfig };

/** What one kind of agent has besides. */
export interface Extra {
  readonly tools: readonly InnerTool[];
  readonly instructions: readonly string[];
}

const NOTHING: Extra = { tools: [], instructions: [] };
const USUAL_SILENCE_S = 600;

/** Answers what arrives, with whatever is plugged in. */
export async function runAgent(
  input: AgentInput,
  capabilities: Capabilities,
  extraOf: (base: Conversation) => Extra = () => NOTHING,
): Promise<Outcome> {
  const { inputs, parts, config } = input;
  const base = await baseOf(input, capabilities);
  const agent = withExtra(base, extraOf(base), config);
  const remembered = rememberedBy(parts, {
    hasMemory: config.conversation_memory,
    node: capabilities.place().node,
  });
  const hasTools = agent.tools.size > 0;
  const asked = messagesFor(inputs['messages'], config.input_template ?? '');
  const before = await recall(remembered, capabilities);
  const end = await converse(agent, begin(sound([...before, ...asked], hasTools)));
  if (end.kind === 'waiting') return suspendFor(end.waiting);
  if (end.kind === 'gave_up') throw new StepError(end.code, end.message, { permanent: true });
  const messages = withoutSealed(end.state.messages);
  await keep(remembered, messages, capabilities);
  return { kind: 'done', outputs: { messages, output: end.text } };
}

async function baseOf(
  { parts, config, resumed }: AgentInput,
  capabilities: Capabilities,
): Promise<Conversation> {
  const { config: model, part: modelPart } = pluggedModel(parts);
  const skills = await skillsOf(parts['skills'] ?? [], capabilities);
  const choice = choiceOf(model);
  const searchesItself = choice.nativeSearch === true;
  const plugged = await toolParts(parts['tools'] ?? [], searchesItself, capabilities);
  const tools = await toolsetOf(plugged, {
    inner: skillTools(skills, capabilities),
    // The name of the provider's own tool.
    taken: searchesItself ? [WEB_SEARCH] : [],
    toolFunctions: capabilities.toolFunctions,
  });
  const system = [config.system_prompt, skillList(skills)].filter((part) => part !== '').join('\n\n');
  return {
    capabilities,
    tools,
    askBefore: config.ask_before,
    resumed,
    prefix: '',
    skills: skillList(skills),
    title: choice.model,
    model: modelPart,
    choice,
    system,
    limits: limitsFor(config, { choice, system, tools }),
    silenceMs: (config.inactivity_timeout ?? USUAL_SILENCE_S) * 1000,
    isHeard: true,
  };
}

/** The agent with what its kind has besides, and with the rule about what tools give. */
export function withExtra(base: Conversation, extra: Extra, config: AgentConfig): Conversation {
  const tools = withInner(base.tools, extra.tools);
  const rules = [base.system, ...extra.instructions, ...(tools.size > 0 ? [RESULT_RULE] : [])];
  const system = rules.filter((part) => part !== '').join('\n\n');
  return { ...base, tools, system, limits: limitsFor(config, { choice: base.choice, system, tools }) };
}
