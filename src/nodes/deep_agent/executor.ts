import type { Conversation } from '#domain/agent/converse.ts';
import { FILE_RULE, type Files, fileTools, noFiles } from '#domain/agent/file-tool.ts';
import { type Extra, runAgent, withExtra } from '#domain/agent/run.ts';
import { SUBAGENT_RULE, subagentTools } from '#domain/agent/subagent-tool.ts';
import { TODO_RULE, todoTool } from '#domain/agent/todo-tool.ts';
import type { Capabilities, Executor, StepInput } from '#domain/node/executor.ts';
import type { definition } from './definition.ts';

type Input = StepInput<typeof definition>;

export const execute: Executor<typeof definition> = (input, capabilities) =>
  runAgent(input, capabilities, (base) => extraOf(input, capabilities, base));

/** A to-do list, files and sub-agents, as far as they are wanted. Sub-agents share the files and the tools. */
function extraOf({ config }: Input, capabilities: Capabilities, base: Conversation): Extra {
  const files = noFiles();
  const filesOf = (own: Files) => (config.enable_filesystem ? fileTools(own, capabilities) : []);
  const todos = config.enable_todos ? [todoTool(capabilities)] : [];
  const fileRule = config.enable_filesystem ? [FILE_RULE] : [];
  const team = subagentTools({
    subagents: config.subagents,
    depth: 0,
    asked: { times: 0, above: null },
    files,
    prepare: ({ system_prompt, model }, { prefix, files: own, tools }) => {
      const choice = model === '' ? base.choice : { ...base.choice, model };
      const agent = { ...base, prefix, choice, title: choice.model, system: system_prompt, isHeard: false };
      const instructions = [SUBAGENT_RULE, base.skills, ...fileRule];
      return withExtra(agent, { tools: [...filesOf(own), ...tools], instructions }, config);
    },
  });
  return {
    tools: [...todos, ...filesOf(files), ...team],
    instructions: [...(config.enable_todos ? [TODO_RULE] : []), ...fileRule],
  };
}
