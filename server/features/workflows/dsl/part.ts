import { nodeSettings } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { toolConfig } from '#domain/node/tool-config.ts';
import type { GraphDraft } from './draft.ts';
import { schemaProblems } from './field.ts';
import { isMapping, type Mapping } from './parse.ts';

/** The tools of the agent that asks for a workflow: what `inherit` stands for, by node type. */
export type ParentTools = ReadonlyMap<string, Mapping>;

export interface PartContext {
  readonly draft: GraphDraft;
  readonly definitionOf: DefinitionOf;
  readonly parentTools: ParentTools;
  /** Takes what is wrong, in words. */
  readonly report: (problem: string) => void;
}

/** Draws a tool and plugs it into an agent. `spec` is a node type, or a mapping with one. */
export function addTool(context: PartContext, host: string, spec: unknown, at: number): string | null {
  const { draft, definitionOf, report } = context;
  const fields = isMapping(spec) ? spec : { type: spec };
  const { type } = fields;
  const where = `'${host}'.tools.${at}`;
  if (typeof type !== 'string' || type === '') {
    report(`${where}: A tool is a node type, or a mapping with one under \`type\`.`);
    return null;
  }
  const definition = definitionOf(type);
  const wanted = typeof fields['id'] === 'string' ? fields['id'] : `${type}_${host}_${at + 1}`;
  const config = inherited(context, { type, where }, configIn(fields));
  const id = draft.put({ id: draft.freeId(wanted), type, config, label: labelIn(fields) });
  if (!definition) {
    report(`'${id}' needs the node type '${type}', which is not available here`);
    return id;
  }
  for (const problem of schemaProblems(definition, toolConfig(definition, config))) {
    report(`${where}.${problem}`);
  }
  if (!draft.plug(id, host)) report(`${where}: '${type}' is no tool that could be plugged into '${host}'.`);
  return id;
}

const OWN = new Set(['id', 'type', 'label', 'config']);

/** The fields themselves, or those under `config`. */
function configIn(fields: Mapping): Record<string, unknown> {
  const flat = Object.fromEntries(Object.entries(fields).filter(([key]) => !OWN.has(key)));
  return { ...flat, ...(isMapping(fields['config']) ? fields['config'] : {}) };
}

const labelIn = ({ label }: Mapping): string | null =>
  typeof label === 'string' ? label.slice(0, 200) : null;

/** Values that say `inherit` are those of the asking agent's tool of the same type. */
function inherited(
  { parentTools, report }: PartContext,
  { type, where }: { readonly type: string; readonly where: string },
  config: Record<string, unknown>,
): Record<string, unknown> {
  const parent = parentTools.get(type);
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) => {
      if (value !== 'inherit') return [[key, value]];
      if (!parent) report(`${where}.${key}: Nothing to inherit: the asking agent has no tool '${type}'.`);
      return parent && key in parent ? [[key, parent[key]]] : [];
    }),
  );
}

/** Draws a skill and plugs it in. `spec` is its name, or a mapping. */
export function addSkill(context: PartContext, host: string, spec: unknown, at: number): void {
  const { draft, definitionOf, report } = context;
  const where = `'${host}'.skills.${at}`;
  const fields = typeof spec === 'string' ? { name: spec } : spec;
  if (!isMapping(fields))
    return report(`${where}: A skill is a name, or a mapping with name and instructions.`);
  plugPart(context, { host, type: 'skill', id: `skill_${host}_${at + 1}`, config: configIn(fields), where });
  if (!definitionOf('skill')) report(`'${draft.freeId(`skill_${host}`)}' needs the node type 'skill'`);
}

export interface PartWish {
  readonly host: string;
  readonly type: string;
  readonly id: string;
  readonly config: Record<string, unknown>;
  readonly where: string;
}

/** Draws a part of a type that plugs into one slot only. */
export function plugPart({ draft, definitionOf, report }: PartContext, wish: PartWish): void {
  const { host, type, config, where } = wish;
  const definition = definitionOf(type);
  const id = draft.put({ id: draft.freeId(wish.id), type, config });
  if (!definition) return report(`'${id}' needs the node type '${type}', which is not available here`);
  for (const problem of schemaProblems(definition, config)) report(`${where}.${problem}`);
  if (!draft.plug(id, host)) report(`${where}: '${host}' has no place for a ${type}.`);
}

/** The engine's settings of a step, such as `{ onError: route }`. */
export function settingsOf(fields: Mapping, report: (problem: string) => void) {
  const read = nodeSettings.safeParse(fields['settings'] ?? {});
  if (read.success) return read.data;
  for (const { path, message } of read.error.issues) report(`settings.${path.join('.')}: ${message}`);
  return nodeSettings.parse({});
}
