import { credentialsIn } from '#domain/credential/reference.ts';
import { applyCommands, CommandError, type GraphCommand, graphCommand } from '#domain/graph/command.ts';
import { DEFAULT_SETTINGS, type Graph, type GraphEdge } from '#domain/graph/graph.ts';
import { type AnyDefinition, type DefinitionOf, readConfig } from '#domain/node/definition.ts';
import { hiddenFields } from './catalogue.ts';
import type { Draft, DraftCommand } from './draft.ts';
import { placesOf } from './place.ts';

type Config = Record<string, unknown>;

/** What a draft is translated against. */
export interface Ground {
  readonly graph: Graph;
  readonly nextEdgeId: number;
  readonly definitionOf: DefinitionOf;
  /** What new nodes have that ask a model. */
  readonly model: { readonly llm_credential_id: number; readonly model_name: string };
}

/** A draft as commands of the editor, or why it cannot be that. Credentials are chosen by people, never by a model. */
export function commandsOf(
  { commands }: Draft,
  ground: Ground,
): { commands: GraphCommand[] } | { problems: string[] } {
  const drawing = new Drawing(ground);
  for (const [at, command] of commands.entries()) drawing.add(command, at + 1);
  return drawing.problems.length > 0 ? { problems: drawing.problems } : { commands: drawing.placed() };
}

class Drawing {
  readonly problems: string[] = [];
  readonly #ground: Ground;
  readonly #commands: GraphCommand[] = [];
  #graph: Graph;
  #nextEdgeId: number;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#graph = ground.graph;
    this.#nextEdgeId = Math.max(ground.nextEdgeId, ...ground.graph.edges.map(({ id }) => id + 1));
  }

  add(draft: DraftCommand, number: number): void {
    const command = this.#translated(draft);
    if (typeof command === 'string') {
      this.problems.push(`Command ${number} (${draft.do}): ${command}`);
      return;
    }
    const read = graphCommand.safeParse(command);
    if (!read.success) {
      this.problems.push(
        `Command ${number} (${draft.do}): ${read.error.issues[0]?.message ?? 'cannot be read.'}`,
      );
      return;
    }
    try {
      this.#graph = applyCommands(this.#graph, [read.data]);
      this.#commands.push(read.data);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.problems.push(`Command ${number} (${draft.do}): ${error.message}`);
    }
  }

  /** The commands with the places of new nodes. */
  placed(): GraphCommand[] {
    const fresh = this.#commands.flatMap((one) => (one.kind === 'add_node' ? [one.node.id] : []));
    const places = placesOf(this.#graph, new Set(fresh), this.#ground.definitionOf);
    return this.#commands.map((command) =>
      command.kind === 'add_node'
        ? { ...command, node: { ...command.node, ...places.get(command.node.id) } }
        : command,
    );
  }

  /** The command, or what is wrong with it. */
  #translated(draft: DraftCommand): object | string {
    switch (draft.do) {
      case 'add_node': {
        const definition = this.#ground.definitionOf(draft.type);
        if (!definition) return `There is no node type “${draft.type}”. Use one of the catalogue.`;
        const config = this.#freshConfig(definition, draft.config);
        const label = draft.title ?? definition.title;
        return {
          kind: 'add_node',
          node: { id: draft.id, type: draft.type, label, x: 0, y: 0, config, settings: DEFAULT_SETTINGS },
        };
      }
      case 'change_node': {
        const node = this.#graph.nodes.find(({ id }) => id === draft.id);
        const definition = node && this.#ground.definitionOf(node.type);
        if (!node) return `There is no node “${draft.id}”.`;
        const config = draft.config && changedConfig(node.config, draft.config, definition);
        return {
          ...{ kind: 'update_node', id: draft.id },
          ...(draft.title !== undefined && { label: draft.title }),
          ...(config && { config }),
        };
      }
      case 'remove_node':
        return { kind: 'remove_node', id: draft.id };
      case 'add_edge':
        return { kind: 'add_edge', edge: { id: this.#nextEdgeId++, ...endsOf(draft), priority: 0 } };
      case 'remove_edge': {
        const edge = this.#edgeAt(endsOf(draft));
        return edge
          ? { kind: 'remove_edge', id: edge.id }
          : `There is no edge from ${draft.from} to ${draft.to}.`;
      }
    }
  }

  #freshConfig(definition: AnyDefinition, given: Config): Config {
    const defaults: Config = readConfig(definition, { ...definition.starter });
    const config = { ...defaults, ...withoutCredentials(given, definition) };
    const known = Object.entries(config).filter(([, value]) => value !== undefined);
    const { llm_credential_id, model_name } = this.#ground.model;
    const asks = Object.hasOwn(definition.config.shape, 'llm_credential_id');
    return {
      ...Object.fromEntries(known),
      ...(asks && { llm_credential_id, model_name: config['model_name'] || model_name }),
    };
  }

  #edgeAt(ends: Ends): GraphEdge | undefined {
    return this.#graph.edges.find(
      (edge) =>
        edge.source === ends.source &&
        edge.sourcePort === ends.sourcePort &&
        edge.target === ends.target &&
        edge.targetPort === ends.targetPort,
    );
  }
}

type Ends = Pick<GraphEdge, 'source' | 'sourcePort' | 'target' | 'targetPort'>;

function endsOf({ from, to }: { from: string; to: string }): Ends {
  const [source, sourcePort] = apart(from);
  const [target, targetPort] = apart(to);
  return { source, sourcePort, target, targetPort };
}

/** Ids have no dots, names of ports may. */
function apart(end: string): [node: string, port: string] {
  const dot = end.indexOf('.');
  return [end.slice(0, dot), end.slice(dot + 1)];
}

/** The config with some fields changed; null takes a field out, and credentials stay as they were. */
function changedConfig(
  before: Readonly<Config>,
  change: Config,
  definition: AnyDefinition | undefined,
): Config {
  const own = definition ? withoutCredentials(change, definition) : change;
  const taken = new Set(Object.keys(own).filter((key) => own[key] === null));
  const merged = { ...before, ...own };
  return Object.fromEntries(Object.entries(merged).filter(([key]) => !taken.has(key)));
}

function withoutCredentials(config: Config, definition: AnyDefinition): Config {
  const named = new Set(credentialsIn(config, definition).map(({ field }) => field.split('.')[0] ?? ''));
  for (const field of hiddenFields(definition)) named.add(field);
  return Object.fromEntries(Object.entries(config).filter(([key]) => !named.has(key)));
}
