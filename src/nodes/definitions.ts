import type { AnyDefinition } from '#domain/node/definition.ts';
import { definition as agent } from './agent/definition.ts';
import { definition as aggregator } from './aggregator/definition.ts';
import { definition as ai_model } from './ai_model/definition.ts';
import { definition as assertion } from './assertion/definition.ts';
import { definition as calculator } from './calculator/definition.ts';
import { definition as categorizer } from './categorizer/definition.ts';
import { definition as code } from './code/definition.ts';
import { definition as code_execute } from './code_execute/definition.ts';
import { definition as create_agent_user } from './create_agent_user/definition.ts';
import { definition as csv } from './csv/definition.ts';
import { definition as datetime } from './datetime/definition.ts';
import { definition as deduplicate } from './deduplicate/definition.ts';
import { definition as deep_agent } from './deep_agent/definition.ts';
import { definition as epic_tools } from './epic_tools/definition.ts';
import { definition as error_handler } from './error_handler/definition.ts';
import { definition as extractor } from './extractor/definition.ts';
import { definition as filter } from './filter/definition.ts';
import { definition as get_totp_code } from './get_totp_code/definition.ts';
import { definition as group } from './group/definition.ts';
import { definition as http_request } from './http_request/definition.ts';
import { definition as human_confirmation } from './human_confirmation/definition.ts';
import { definition as identify_user } from './identify_user/definition.ts';
import { definition as json } from './json/definition.ts';
import { definition as limit } from './limit/definition.ts';
import { definition as loop } from './loop/definition.ts';
import { definition as map } from './map/definition.ts';
import { definition as mcp_client } from './mcp_client/definition.ts';
import { definition as memory } from './memory/definition.ts';
import { definition as memory_read } from './memory_read/definition.ts';
import { definition as memory_write } from './memory_write/definition.ts';
import { definition as merge } from './merge/definition.ts';
import { definition as notify } from './notify/definition.ts';
import { definition as output_parser } from './output_parser/definition.ts';
import { definition as platform_api } from './platform_api/definition.ts';
import { definition as reply } from './reply/definition.ts';
import { definition as reply_chat } from './reply_chat/definition.ts';
import { definition as router } from './router/definition.ts';
import { definition as run_command } from './run_command/definition.ts';
import { definition as scheduler_tools } from './scheduler_tools/definition.ts';
import { definition as set } from './set/definition.ts';
import { definition as skill } from './skill/definition.ts';
import { definition as sort } from './sort/definition.ts';
import { definition as spawn_and_await } from './spawn_and_await/definition.ts';
import { definition as split } from './split/definition.ts';
import { definition as switchNode } from './switch/definition.ts';
import { definition as system_health } from './system_health/definition.ts';
import { definition as task_tools } from './task_tools/definition.ts';
import { definition as trigger_chat } from './trigger_chat/definition.ts';
import { definition as trigger_error } from './trigger_error/definition.ts';
import { definition as trigger_manual } from './trigger_manual/definition.ts';
import { definition as trigger_schedule } from './trigger_schedule/definition.ts';
import { definition as trigger_telegram } from './trigger_telegram/definition.ts';
import { definition as trigger_webhook } from './trigger_webhook/definition.ts';
import { definition as trigger_workflow } from './trigger_workflow/definition.ts';
import { definition as validate_gherkin } from './validate_gherkin/definition.ts';
import { definition as validate_topology } from './validate_topology/definition.ts';
import { definition as wait } from './wait/definition.ts';
import { definition as web_search } from './web_search/definition.ts';
import { definition as whoami } from './whoami/definition.ts';
import { definition as workflow } from './workflow/definition.ts';
import { definition as workflow_create } from './workflow_create/definition.ts';
import { definition as workflow_discover } from './workflow_discover/definition.ts';
import { definition as xml } from './xml/definition.ts';

/** Every node type, in the order of the palette. A new type is a folder, a line here and its executor's line. */
export const definitions = {
  trigger_manual,
  trigger_chat,
  trigger_webhook,
  trigger_schedule,
  trigger_telegram,
  trigger_workflow,
  trigger_error,
  agent,
  deep_agent,
  categorizer,
  router,
  extractor,
  output_parser,
  ai_model,
  memory,
  mcp_client,
  memory_read,
  memory_write,
  identify_user,
  skill,
  set,
  code,
  map,
  sort,
  limit,
  group,
  deduplicate,
  aggregator,
  split,
  json,
  csv,
  xml,
  datetime,
  calculator,
  switch: switchNode,
  filter,
  assertion,
  merge,
  loop,
  wait,
  human_confirmation,
  workflow,
  spawn_and_await,
  error_handler,
  validate_topology,
  validate_gherkin,
  http_request,
  web_search,
  code_execute,
  run_command,
  notify,
  reply,
  reply_chat,
  platform_api,
  whoami,
  scheduler_tools,
  epic_tools,
  task_tools,
  workflow_create,
  workflow_discover,
  create_agent_user,
  get_totp_code,
  system_health,
} as const;

export type NodeType = keyof typeof definitions;
/** The types that are only ever plugged into others. */
export type PartType = {
  [K in NodeType]: (typeof definitions)[K] extends { readonly isPart: true } ? K : never;
}[NodeType];
/** The types that run. A trigger starts runs, a part is plugged in; neither has an executor. */
export type ExecutableType = Exclude<NodeType, `trigger_${string}` | PartType>;

export const nodeDefinitions: readonly AnyDefinition[] = Object.values(definitions);

export function isNodeType(type: string): type is NodeType {
  return Object.hasOwn(definitions, type);
}

export function definitionOf(type: string): AnyDefinition | undefined {
  return isNodeType(type) ? definitions[type] : undefined;
}
