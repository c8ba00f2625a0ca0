import { z } from 'zod';
import { AGENT_TIMEOUT_MS, agentFields, agentPorts } from '#domain/agent/config.ts';
import { defineNode } from '#domain/node/definition.ts';

const subagent = z.object({
  name: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z0-9_-]+$/, 'The name of a sub-agent has letters, digits, _ and -.')
    .describe('How the agent calls it.')
    .meta({ title: 'Name', field: { control: 'text', group: 'required' } }),
  description: z
    .string()
    .max(2_000)
    .default('')
    .describe('What it is good at, so that the agent knows when to ask it.')
    .meta({ title: 'Good at', field: { control: 'text', group: 'required' } }),
  system_prompt: z
    .string()
    .max(100_000)
    .default('')
    .describe('Its own instructions.')
    .meta({ title: 'Instructions', field: { control: 'template', group: 'required' } }),
  model: z
    .string()
    .max(200)
    .default('')
    .describe('Another model of the same account. Empty: the model of the agent.')
    .meta({ title: 'Model', field: { control: 'text', group: 'common' } }),
});

export const definition = defineNode({
  type: 'deep_agent',
  title: 'Deep agent',
  summary: 'An agent for long tasks: it plans, takes notes and hands work to sub-agents.',
  icon: 'list-checks',
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
  config: z.object({
    ...agentFields,
    max_steps: agentFields.max_steps
      .unwrap()
      .default(100)
      .meta(agentFields.max_steps.meta() ?? {}),
    max_tool_calls: agentFields.max_tool_calls
      .unwrap()
      .default(200)
      .meta(agentFields.max_tool_calls.meta() ?? {}),
    enable_todos: z
      .boolean()
      .default(false)
      .describe('The agent keeps a to-do list, which the run shows.')
      .meta({ title: 'To-do list', field: { group: 'common' } }),
    enable_filesystem: z
      .boolean()
      .default(false)
      .describe('The agent may write notes into files that exist only for this step.')
      .meta({ title: 'Files for notes', field: { group: 'common' } }),
    subagents: z
      .array(subagent)
      .max(20)
      .default([])
      .describe('Agents it may hand work to. Each has a conversation of its own and the same tools.')
      .meta({ title: 'Sub-agents', field: { control: 'rows', group: 'common' } }),
  }),
  apiFields: ['system_prompt'],
  starter: { ask_before: 'destructive' },
  ports: () => agentPorts,
  subtitle: ({ system_prompt }) => String(system_prompt).slice(0, 80),
  docs: `Everything the Agent does, and more for tasks of many steps:

- *To-do list*: the agent writes down its plan and marks what is done; the run shows the list while it works.
- *Files for notes*: it may list, read, write and edit text files. They exist only within this step; nothing of the server's
  disk is reachable.
- *Sub-agents*: it hands a part of the task to one of them and gets its answer. A sub-agent has a conversation of its own, so
  that long searches do not fill the agent's; it has the same tools, and may itself ask the others, three deep at most.

**Example.** Instructions \`Compare the offers in the list and write a recommendation.\`, a to-do list, and a sub-agent
\`reader\` (\`Reads one offer and gives its price, term and penalties.\`) with an HTTP request node as a tool.

**When it goes wrong.**
- *agent_loop_limit*: the steps of the agent and all its sub-agents count together. Allow more under *Most steps*, or give it
  a smaller task.
- *sub-agents do nothing*: their descriptions do not say what they are good at.
- Everything else is as with the Agent.`,
});
