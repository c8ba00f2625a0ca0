import { z } from 'zod';
import type { nodeTypeOut } from '#contract/workflow.ts';
import type { Port } from '#domain/graph/graph.ts';
import { isSlotType, type SlotType } from '#domain/graph/port-type.ts';
import { type AnyDefinition, type NodeCategory, typePorts } from '#domain/node/definition.ts';

type NodeTypeOut = z.input<typeof nodeTypeOut>;

const COLORS: Readonly<Record<NodeCategory, string>> = {
  trigger: '#f59e0b',
  ai: '#a855f7',
  tool: '#10b981',
  memory: '#6366f1',
  data: '#0ea5e9',
  logic: '#8b5cf6',
  flow: '#14b8a6',
  network: '#3b82f6',
  output: '#22c55e',
};

/** What clients that know only data see of the outputs of parts. */
const SLOT_AS_DATA: Readonly<Record<SlotType, string>> = {
  model: 'object',
  tool: 'string',
  memory: 'string',
  parser: 'object',
  skill: 'string',
};

const portOut = (port: Port): NodeTypeOut['inputs'][number] => ({
  name: port.name,
  data_type: isSlotType(port.type) ? SLOT_AS_DATA[port.type] : port.type,
  description: port.description ?? '',
  required: port.required ?? false,
  default: null,
  port_schema: null,
});

/** A node type as core API clients see it. */
function nodeTypeOf(definition: AnyDefinition): NodeTypeOut {
  const { inputs, outputs } = typePorts(definition, {});
  const slots = inputs.filter((port) => isSlotType(port.type));
  const data = outputs.filter((port) => !isSlotType(port.type));
  const takes = (slot: SlotType): boolean => slots.some((port) => port.type === slot);
  return {
    component_type: definition.type,
    display_name: definition.title,
    label: definition.title,
    description: definition.summary,
    category: definition.category,
    icon: definition.icon,
    color: COLORS[definition.category],
    sub_inputs: slots.map((port) => port.name),
    inputs: inputs.filter((port) => !isSlotType(port.type)).map(portOut),
    outputs: (data.length > 0 ? data : outputs).map(portOut),
    requires_model: takes('model'),
    requires_tools: takes('tool'),
    requires_memory: takes('memory'),
    requires_output_parser: takes('parser'),
    requires_skills: takes('skill'),
    executable: definition.trigger === undefined && definition.isPart !== true,
    config_schema: configSchema(definition),
  };
}

function configSchema(definition: AnyDefinition): NodeTypeOut['config_schema'] {
  const schema = z.toJSONSchema(definition.config, { io: 'input', unrepresentable: 'any' });
  return JSON.parse(JSON.stringify(schema)) as NodeTypeOut['config_schema'];
}

/** Every node type by name. The same for everybody, so it is made once. */
export function nodeTypeCatalogue(definitions: readonly AnyDefinition[]): Record<string, NodeTypeOut> {
  return Object.fromEntries(definitions.map((definition) => [definition.type, nodeTypeOf(definition)]));
}
