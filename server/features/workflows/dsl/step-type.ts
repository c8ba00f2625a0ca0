import { nodeDefinitions } from '#nodes/definitions.ts';

/** The words the language has of its own. */
const WORDS: Readonly<Record<string, string>> = {
  agent: 'agent',
  deep_agent: 'deep_agent',
  code: 'code',
  transform: 'set',
  switch: 'switch',
  assertion: 'assertion',
  loop: 'loop',
  workflow: 'workflow',
  human: 'human_confirmation',
  reply_chat: 'reply_chat',
  categorizer: 'categorizer',
  router: 'router',
  extractor: 'extractor',
  filter: 'filter',
  merge: 'merge',
  wait: 'wait',
  identify_user: 'identify_user',
};

export const TRIGGER_TYPES: Readonly<Record<string, string>> = {
  chat: 'trigger_chat',
  telegram: 'trigger_telegram',
  manual: 'trigger_manual',
  schedule: 'trigger_schedule',
  workflow: 'trigger_workflow',
  none: 'trigger_workflow',
  error: 'trigger_error',
  webhook: 'trigger_webhook',
};

const RUNNING = nodeDefinitions.filter((one) => !one.trigger && !one.isPart).map((one) => one.type);

/** The words of the step language, and the node types they stand for: every type that runs is a word itself. */
export const STEP_TYPES: Readonly<Record<string, string>> = {
  ...WORDS,
  ...Object.fromEntries(RUNNING.map((type) => [type, type])),
};

/** Steps that work with a model, and those that also take tools and skills. */
export const MODEL_STEPS = new Set(['agent', 'deep_agent', 'categorizer', 'router', 'extractor']);
export const TOOL_STEPS = new Set(['agent', 'deep_agent']);

export const PATCH_ACTIONS = new Set([
  'add_step',
  'remove_step',
  'update_prompt',
  'update_config',
  'update_trigger',
  'update_model',
  'add_tool',
  'remove_tool',
]);
