import type { z } from 'zod';
import type { CredentialUse } from '../credential/kind.ts';
import type { GraphNode, NodeSettings, Port, PortSet } from '../graph/graph.ts';
import type { ToolFunction } from './tool-function.ts';

/** What starts a run. `error` triggers follow failed runs, `workflow` ones are called by other workflows. */
export const TRIGGER_KINDS = [
  'manual',
  'webhook',
  'schedule',
  'workflow',
  'error',
  'chat',
  'telegram',
] as const;
export type TriggerKind = (typeof TRIGGER_KINDS)[number];

export const NODE_CATEGORIES = [
  'trigger',
  'ai',
  'tool',
  'memory',
  'data',
  'logic',
  'flow',
  'network',
  'output',
] as const;
export type NodeCategory = (typeof NODE_CATEGORIES)[number];

/** Hints for the generated inspector form, put on a schema field with `.meta({ field: … })`. */
export interface FieldHint {
  readonly control?:
    | 'text'
    | 'multiline'
    | 'code'
    | 'template'
    | 'json'
    | 'keyvalue'
    | 'rules'
    | 'rows'
    | 'select'
    | 'credential'
    | 'model';
  /** Of a `credential` field: what the credentials it offers can do. */
  readonly use?: CredentialUse;
  readonly language?: 'javascript' | 'python' | 'json';
  readonly placeholder?: string;
  readonly group?: 'required' | 'common' | 'advanced';
  /** Rules look at every item of a list: by path alone, since a reference is the same for all of them. */
  readonly perItem?: boolean;
  /** Show the field only while another field of the same config has one of these values. */
  readonly when?: { readonly field: string; readonly in: readonly unknown[] };
}

/**
 * One node type: everything the canvas, the API, the validator and the engine need to know about it.
 * Pure data and pure functions; what runs lives in the folder's `executor.ts`.
 */
export interface NodeDefinition<C extends z.ZodObject = z.ZodObject> {
  readonly type: string;
  readonly title: string;
  readonly summary: string;
  /** A lucide icon name in kebab-case. */
  readonly icon: string;
  readonly category: NodeCategory;
  readonly config: C;
  /** A trigger starts runs and never runs itself: its outputs are the payload it was fired with. */
  readonly trigger?: TriggerKind;
  /** What a trigger's ports give of a payload, where that is not its field of the same name. */
  received?(payload: unknown): Readonly<Record<string, unknown>>;
  /** The functions it offers when it is plugged into an agent's tool slot. Declaring them gives it a `tool` output. */
  tool?(config: z.output<C>): readonly ToolFunction[];
  /** Config fields that a node which is only a tool may leave empty, and what stands in for them until the model fills them. */
  readonly toolFields?: Readonly<Record<string, unknown>>;
  /** The output with what it says to people: the run's answer where it ends the flow and nothing has replied. */
  readonly answers?: string;
  /** Only ever plugged into another node; never runs as a step and has no executor. */
  readonly isPart?: boolean;
  /** Config fields that core API clients see beside `extra_config`, not in it. */
  readonly apiFields?: readonly string[];
  /** Touches the host: exists only where the operator names the type in PIPEWRIGHT_ENABLE. */
  readonly needsOperator?: boolean;
  /** Starts runs of other workflows and waits for them. */
  readonly startsRuns?: boolean;
  /** `external` steps act on the outside and wait until everything before them is committed. */
  readonly effect: 'pure' | 'external';
  /** Ports for a config; a node's list may depend on what was configured (a switch has one per rule). */
  ports(config: z.output<C>): PortSet;
  /** The one setting worth reading on the card. */
  subtitle?(config: z.output<C>): string;
  /** What a configuration that works should still be warned about; a sentence without its subject, the node. */
  caution?(config: z.output<C>): string | null;
  /** Config fields whose strings are NOT templates (source code, patterns). */
  readonly verbatim?: readonly string[];
  /** What a node that is newly drawn says, where a stored config that does not say it means something else. */
  readonly starter?: Readonly<Record<string, unknown>>;
  /** Milliseconds; absent means the engine's default of 60 s. */
  readonly timeoutMs?: number;
  readonly retry?: NonNullable<NodeSettings['retry']>;
  readonly formatVersion: number;
  /** Brings a stored config of an older `formatVersion` up to date. */
  readonly upgrade?: (config: Record<string, unknown>, from: number) => Record<string, unknown>;
  /** Markdown shown beside the form: what it does, an example, what goes wrong and what to do then. */
  readonly docs: string;
}

export type AnyDefinition = NodeDefinition;
export type DefinitionOf = (type: string) => AnyDefinition | undefined;

/** Keeps a definition's config type while checking it. */
export function defineNode<C extends z.ZodObject>(definition: NodeDefinition<C>): NodeDefinition<C> {
  return definition;
}

/** Keeps a definition's config type, and that the type is only ever plugged in. */
export function definePart<C extends z.ZodObject>(
  definition: NodeDefinition<C> & { readonly isPart: true },
): NodeDefinition<C> & { readonly isPart: true } {
  return definition;
}

/** The extra output a node gains when its errors are routed. */
export const ERROR_PORT: Port = {
  name: 'error',
  type: 'object',
  label: 'Error',
  description: 'Taken when the step has failed: { message, code, node }.',
};

/** The config with defaults applied, or as far as it could be read while it is still incomplete. */
export function readConfig<C extends z.ZodObject>(
  definition: NodeDefinition<C>,
  config: Readonly<Record<string, unknown>>,
): z.output<C> {
  const read = definition.config.safeParse(config);
  if (read.success) return read.data;
  const lenient: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(definition.config.shape)) {
    const one = (field as z.ZodType).safeParse(config[key]);
    if (one.success) lenient[key] = one.data;
    else {
      const fallback = (field as z.ZodType).safeParse(undefined);
      lenient[key] = fallback.success ? fallback.data : config[key];
    }
  }
  return lenient as z.output<C>;
}

/** The extra output a node gains that may be plugged into an agent. */
const TOOL_PORT: Port = {
  name: 'tool',
  type: 'tool',
  label: 'Tool',
  description: 'Plugs into the tools of an agent, which then calls it when it wants to.',
};

/** All ports of a type for a config, but for the one that errors leave by. */
export function typePorts(definition: AnyDefinition, config: Readonly<Record<string, unknown>>): PortSet {
  const own = definition.ports(readConfig(definition, config));
  return definition.tool ? { inputs: own.inputs, outputs: [...own.outputs, TOOL_PORT] } : own;
}

const known = new WeakMap<object, { readonly definition: AnyDefinition; readonly ports: PortSet }>();

/** The ports a drawn node has now. Unknown types have none. Nodes are never changed in place. */
export function portsOf(
  node: Pick<GraphNode, 'type' | 'config' | 'settings'>,
  definitionOf: DefinitionOf,
): PortSet {
  const definition = definitionOf(node.type);
  if (!definition) return { inputs: [], outputs: [] };
  const found = known.get(node);
  if (found?.definition === definition) return found.ports;
  const own = typePorts(definition, node.config);
  const ports =
    node.settings.onError === 'route' ? { inputs: own.inputs, outputs: [...own.outputs, ERROR_PORT] } : own;
  known.set(node, { definition, ports });
  return ports;
}
