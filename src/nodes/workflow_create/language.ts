/** What a model is told of the step language. */
export const HOW = `Makes a workflow from YAML and gives its slug. Two forms:

1. New: name, description, tags, trigger (chat, telegram, manual, schedule, workflow, webhook, error, or none), trigger_config, model, steps.
   Steps follow each other; each has a type and, if others refer to it, an id:
   agent / deep_agent {prompt, tools: [type or {type, config}], skills: [{name, instructions}], model, conversation_memory};
   categorizer {prompt, categories: [{name, description}]}; router {field}; extractor {prompt, schema};
   code {code, language}; transform {template}; switch {rules: [{field, operator, value, route: step id}], default: step id};
   assertion {rules}; filter {rules}; merge {mode, after: [step ids]}; loop {over: path, max_iterations, body: [steps]};
   workflow {workflow: slug, payload: {key: path}}; human {message}; reply_chat {message}; wait {duration, unit}; identify_user.
   Any step may say after: step id or [step ids] to follow those instead of the one before it.
   model: inherit, or {credential_id, model_name}, or {capability: part of a provider or model name}, or {discover: true, preference: cheapest|fastest|most_capable}.
2. Changed copy: based_on: slug, name, patches: a list of {action: add_step, after, step}, {action: remove_step, id},
   {action: update_prompt, id, prompt}, {action: update_config, id, config}, {action: add_tool, id, tool},
   {action: remove_tool, id, tool}, {action: update_trigger, trigger, trigger_config}, {action: update_model, id, model}.

Templates such as {{ trigger.text }} and {{ step_id.output }} may stand in texts. Errors name the step and the field.`;
