import type { AnyDefinition } from '#domain/node/definition.ts';
import { definition as code } from './code/definition.ts';
import { definition as http_request } from './http_request/definition.ts';
import { definition as merge } from './merge/definition.ts';
import { definition as reply } from './reply/definition.ts';
import { definition as set } from './set/definition.ts';
import { definition as switchNode } from './switch/definition.ts';
import { definition as trigger_manual } from './trigger_manual/definition.ts';
import { definition as trigger_webhook } from './trigger_webhook/definition.ts';
import { definition as wait } from './wait/definition.ts';

/** Every node type, in the order of the palette. A new type is a folder, a line here and its executor's line. */
export const definitions = {
  trigger_manual,
  trigger_webhook,
  set,
  code,
  switch: switchNode,
  merge,
  wait,
  http_request,
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
