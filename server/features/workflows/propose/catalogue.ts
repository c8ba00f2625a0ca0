import { z } from 'zod';
import type { Graph, Port } from '#domain/graph/graph.ts';
import { isSlotType } from '#domain/graph/port-type.ts';
import { type AnyDefinition, type DefinitionOf, portsOf, typePorts } from '#domain/node/definition.ts';

interface SchemaField {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly title?: string;
  readonly description?: string;
  readonly anyOf?: readonly SchemaField[];
  readonly items?: SchemaField;
  readonly properties?: Readonly<Record<string, SchemaField>>;
  readonly field?: { readonly control?: string };
}

/** Every node type in a few lines: what it does, its ports and its settings. */
export const catalogueText = (definitions: readonly AnyDefinition[]): string =>
  definitions.map(typeText).join('\n');

function typeText(definition: AnyDefinition): string {
  const { inputs, outputs } = typePorts(definition, {});
  const schema = z.toJSONSchema(definition.config, { io: 'input', unrepresentable: 'any' }) as SchemaField;
  const fields = Object.entries(schema.properties ?? {}).filter(([, field]) => !isCredential(field));
  const kind = definition.trigger
    ? ' (trigger)'
    : definition.isPart
      ? ' (part: only plugged into slots)'
      : '';
  return [
    `## ${definition.type}${kind}`,
    definition.summary,
    `in: ${portText(inputs.filter(isData))}${slotText(inputs)}; out: ${portText(outputs)}`,
    ...fields.map(
      ([name, field]) => `- ${name}: ${shapeOf(field)}${defaultOf(field)} — ${firstSentence(field)}`,
    ),
  ].join('\n');
}

const isData = ({ type }: Port): boolean => !isSlotType(type);
const isCredential = ({ field }: SchemaField): boolean => field?.control === 'credential';

const portText = (ports: readonly Port[]): string =>
  ports.map(({ name, type, required }) => `${name}:${type}${required ? '!' : ''}`).join(', ') || 'none';

function slotText(inputs: readonly Port[]): string {
  const slots = inputs.filter((port) => isSlotType(port.type));
  if (slots.length === 0) return '';
  const one = ({ name, type, required, many }: Port) =>
    `${name}:${type}${required ? '!' : ''}${many ? ' (many)' : ''}`;
  return `; slots: ${slots.map(one).join(', ')}`;
}

function shapeOf(field: SchemaField): string {
  if (field.enum) return field.enum.map((one) => JSON.stringify(one)).join(' | ');
  if (field.anyOf) return field.anyOf.map(shapeOf).join(' | ');
  if (field.type === 'array') return `[${field.items ? shapeOf(field.items) : ''}]`;
  if (field.type === 'object' && field.properties) {
    const parts = Object.entries(field.properties).filter(([, part]) => !isCredential(part));
    return `{ ${parts.map(([name, part]) => `${name}: ${shapeOf(part)}`).join(', ')} }`;
  }
  return [field.type ?? 'any'].flat().join(' | ');
}

function defaultOf({ default: value }: SchemaField): string {
  if (value === undefined || value === '' || value === null) return '';
  const text = JSON.stringify(value);
  return text.length > 80 ? '' : ` = ${text}`;
}

const firstSentence = ({ description = '', title = '' }: SchemaField): string =>
  (description.split(/(?<=\.)\s/)[0] || title).slice(0, 140);

/** The graph in few words; what is hidden on screens stays hidden. */
export function graphText(graph: Graph, definitionOf: DefinitionOf): string {
  if (graph.nodes.length === 0) return 'The workflow is empty.';
  const nodes = graph.nodes.map((node) => {
    const definition = definitionOf(node.type);
    const { inputs, outputs } = portsOf(node, definitionOf);
    return {
      ...{ id: node.id, type: node.type, title: node.label, config: shownConfig(node.config, definition) },
      ...{ inputs: inputs.map(({ name }) => name), outputs: outputs.map(({ name }) => name) },
    };
  });
  const edges = graph.edges.map(
    ({ source, sourcePort, target, targetPort }) => `${source}.${sourcePort} -> ${target}.${targetPort}`,
  );
  return JSON.stringify({ nodes, edges });
}

function shownConfig(
  config: Readonly<Record<string, unknown>>,
  definition: AnyDefinition | undefined,
): Record<string, unknown> {
  if (!definition) return {};
  const hidden = hiddenFields(definition);
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      hidden.has(name) && value !== null && value !== '' ? '(set)' : value,
    ]),
  );
}

/** The fields that people choose, and no model sees or sets: credentials and passwords. */
export function hiddenFields(definition: AnyDefinition): ReadonlySet<string> {
  const schema = z.toJSONSchema(definition.config, { io: 'input', unrepresentable: 'any' }) as SchemaField;
  const isHidden = ({ field, format, anyOf }: SchemaField): boolean =>
    field?.control === 'credential' || format === 'password' || (anyOf?.some(isHidden) ?? false);
  return new Set(
    Object.entries(schema.properties ?? {}).flatMap(([name, field]) => (isHidden(field) ? [name] : [])),
  );
}
