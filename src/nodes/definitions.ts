import type { AnyDefinition } from '#domain/node/definition.ts';
import { definition as aggregator } from './aggregator/definition.ts';
import { definition as assertion } from './assertion/definition.ts';
import { definition as calculator } from './calculator/definition.ts';
import { definition as code } from './code/definition.ts';
import { definition as csv } from './csv/definition.ts';
import { definition as datetime } from './datetime/definition.ts';
import { definition as deduplicate } from './deduplicate/definition.ts';
import { definition as error_handler } from './error_handler/definition.ts';
import { definition as filter } from './filter/definition.ts';
import { definition as group } from './group/definition.ts';
import { definition as http_request } from './http_request/definition.ts';
import { definition as human_confirmation } from './human_confirmation/definition.ts';
import { definition as json } from './json/definition.ts';
import { definition as limit } from './limit/definition.ts';
import { definition as loop } from './loop/definition.ts';
import { definition as map } from './map/definition.ts';
import { definition as merge } from './merge/definition.ts';
import { definition as notify } from './notify/definition.ts';
import { definition as reply } from './reply/definition.ts';
import { definition as run_command } from './run_command/definition.ts';
import { definition as set } from './set/definition.ts';
import { definition as sort } from './sort/definition.ts';
import { definition as spawn_and_await } from './spawn_and_await/definition.ts';
import { definition as split } from './split/definition.ts';
import { definition as switchNode } from './switch/definition.ts';
import { definition as trigger_error } from './trigger_error/definition.ts';
import { definition as trigger_manual } from './trigger_manual/definition.ts';
import { definition as trigger_schedule } from './trigger_schedule/definition.ts';
import { definition as trigger_webhook } from './trigger_webhook/definition.ts';
import { definition as trigger_workflow } from './trigger_workflow/definition.ts';
import { definition as validate_topology } from './validate_topology/definition.ts';
import { definition as wait } from './wait/definition.ts';
import { definition as workflow } from './workflow/definition.ts';
import { definition as xml } from './xml/definition.ts';

/** Every node type, in the order of the palette. A new type is a folder, a line here and its executor's line. */
export const definitions = {
  trigger_manual,
  trigger_webhook,
  trigger_schedule,
  trigger_workflow,
  trigger_error,
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
  http_request,
  run_command,
  notify,
  reply,
} as const;

export type NodeType = keyof typeof definitions;
/** The types that run. A trigger starts runs and has no executor. */
export type ExecutableType = Exclude<NodeType, `trigger_${string}`>;

export const nodeDefinitions: readonly AnyDefinition[] = Object.values(definitions);

export function isNodeType(type: string): type is NodeType {
  return Object.hasOwn(definitions, type);
}

export function definitionOf(type: string): AnyDefinition | undefined {
  return isNodeType(type) ? definitions[type] : undefined;
}
