import { z } from 'zod';
import { AGENT_TIMEOUT_MS, agentFields, agentPorts } from '#domain/agent/config.ts';
import { defineNode } from '#domain/node/definition.ts';

export const definition = defineNode({
  type: 'agent',
  title: 'Agent',
  summary: 'A model that answers, and uses tools for it as long as it needs them.',
  icon: 'bot',
  category: 'ai',
  effect: 'external',
  timeoutMs: AGENT_TIMEOUT_MS,
  retry: {
    maxAttempts: 3,
    initialMs: 2000,
    factor: 2,
    maxMs: 60_000,
    jitter: 0.2,
    retryOn: [],
    noRetryOn: [],
  },
  answers: 'output',
  formatVersion: 1,
  config: z.object(agentFields),
  apiFields: ['system_prompt'],
  starter: { ask_before: 'destructive' },
  ports: () => agentPorts,
  subtitle: ({ system_prompt }) => String(system_prompt).slice(0, 80),
  docs: `Gives what arrives to a model, together with the instructions and the tools that are plugged in. The model answers, or
asks for tools; those are called, their results are told to it, and it goes on until it answers without asking for one.

- *Model*: one Model node. *Tools*: any node with a port Tool, as many as you like. *Skills*: instructions that the agent
  reads only when it needs them. *Memory*: a Conversation memory node; several agents may share one.
- Every answer and every tool call is a part of the step that the run shows. A call that is done is recorded and never made
  again, even if the server stops in the middle.
- Several tools asked for at once are called at the same time.
- What a tool gives back is data for the agent, not an instruction. Still: give it only tools it needs, and let it ask
  before those that change something.
- Where the environment has a credential *Web search* with a star, the agent can search the web by itself, unless a Web search
  node is plugged in or its model searches.

**Example.** *Chat* → *Agent* with the instructions \`You help customers of a bike shop. Look up orders before you answer.\`,
an HTTP request node as a tool, and a Conversation memory → *Reply*.

**When it goes wrong.**
- *no_model*: connect a Model node to the port Model.
- Where a limit stops it, the message also says what it had said last.
- *agent_loop_limit*: it went round in circles or used up its steps or tool calls. Say more clearly what it is to do, or
  allow more under *Most steps*.
- *agent_timeout*: it worked longer than *Longest work*, or one answer took longer than *Longest silence*.
- *context_too_small*: the instructions and the newest message alone do not fit into the context window.
- *no_input*: nothing arrived to answer. Connect the port Messages or fill in *Message*.
- *budget_exceeded*, *model_refused_key*, *model_unreachable*, *rate_limited*: see the docs of the Model node.
- A tool that fails does not fail the agent: the model is told why, and may try another way.`,
});
