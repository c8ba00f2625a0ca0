import type { Conversation } from '#domain/agent/converse.ts';
import { FILE_RULE, type Files, fileTools } from '#domain/agent/file-tool.ts';
import { type Extra, runAgent, withExtra } from '#domain/agent/run.ts';
import { skillList, skillsOf } from '#domain/agent/skill.ts';
import { SUBAGENT_RULE, subagentTools } from '#domain/agent/subagent-tool.ts';
import { TODO_RULE, todoTool } from '#domain/agent/todo-tool.ts';
import type { Capabilities, Executor, StepInput } from '#domain/node/executor.ts';
import type { definition } from './definition.ts';

type Input = StepInput<typeof definition>;

export const execute: Executor<typeof definition> = (input, capabilities) =>
  runAgent(input, capabilities, (base) => extraOf(input, capabilities, base));

/** A to-do list, files and sub-agents, as far as they are wanted. Sub-agents share the files and the tools. */
function extraOf({ config, parts }: Input, capabilities: Capabilities, base: Conversation): Extra {
  const files: Files = new Map();
  const shared = config.enable_filesystem ? fileTools(files, capabilities) : [];
  const todos = config.enable_todos ? [todoTool(capabilities)] : [];
  const skills = skillList(skillsOf(parts['skills'] ?? []));
  const fileRule = config.enable_filesystem ? [FILE_RULE] : [];
  const team = subagentTools({
    subagents: config.subagents,
    depth: 0,
    asked: { times: 0 },
    prepare: ({ system_prompt, model }, prefix, tools) => {
      const choice = model === '' ? base.choice : { ...base.choice, model };
      const own = { ...base, prefix, choice, title: choice.model, system: system_prompt, isHeard: false };
      const instructions = [SUBAGENT_RULE, skills, ...fileRule];
      return withExtra(own, { tools: [...shared, ...tools], instructions }, config);
    },
  });
  return {
    tools: [...todos, ...shared, ...team],
    instructions: [...(config.enable_todos ? [TODO_RULE] : []), ...fileRule],
  };
}
