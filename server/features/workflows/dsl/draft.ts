import { refusal } from '#domain/graph/connect.ts';
import {
  type Connection,
  DEFAULT_SETTINGS,
  type Graph,
  type GraphEdge,
  type GraphNode,
  type Port,
} from '#domain/graph/graph.ts';
import { isSlotType } from '#domain/graph/port-type.ts';
import { type DefinitionOf, portsOf } from '#domain/node/definition.ts';

/** Which output the next step follows, where it is not the first one. */
const MAIN_OUTPUT: Readonly<Record<string, readonly string[]>> = {
  agent: ['output'],
  deep_agent: ['output'],
  categorizer: ['category'],
  router: ['route'],
  loop: ['results'],
};
/** Which input a step is entered by, where it is not the first one. */
const MAIN_INPUT: Readonly<Record<string, readonly string[]>> = { human_confirmation: ['input'] };

export interface Ends {
  readonly source: string;
  readonly target: string;
  readonly sourcePort?: string | undefined;
  readonly targetPort?: string | undefined;
}

/** A graph while it is being put together. */
export class GraphDraft {
  readonly #definitionOf: DefinitionOf;
  readonly #nodes: Map<string, GraphNode>;
  #edges: GraphEdge[];
  #nextEdge: number;
  /** What could not be connected, in words. */
  readonly problems: string[] = [];

  constructor(definitionOf: DefinitionOf, from: Graph = { nodes: [], edges: [] }) {
    this.#definitionOf = definitionOf;
    this.#nodes = new Map(from.nodes.map((node) => [node.id, node]));
    this.#edges = [...from.edges];
    this.#nextEdge = from.edges.reduce((next, edge) => Math.max(next, edge.id + 1), 1);
  }

  get graph(): Graph {
    return { nodes: [...this.#nodes.values()], edges: this.#edges };
  }

  node(id: string): GraphNode | undefined {
    return this.#nodes.get(id);
  }

  /** An id that is free: the wanted one, or with a number behind it. */
  freeId(wanted: string): string {
    const short = wanted.slice(0, 58);
    if (!this.#nodes.has(short)) return short;
    for (let n = 2; ; n += 1) if (!this.#nodes.has(`${short}_${n}`)) return `${short}_${n}`;
  }

  put(node: Pick<GraphNode, 'id' | 'type' | 'config'> & Partial<GraphNode>): string {
    this.#nodes.set(node.id, { label: null, x: 0, y: 0, settings: DEFAULT_SETTINGS, ...node });
    return node.id;
  }

  remove(id: string): void {
    this.#nodes.delete(id);
    this.#edges = this.#edges.filter((edge) => edge.source !== id && edge.target !== id);
  }

  removeEdges(doomed: readonly GraphEdge[]): void {
    this.#edges = this.#edges.filter((edge) => !doomed.includes(edge));
  }

  edgesFrom(id: string): GraphEdge[] {
    return this.#edges.filter((edge) => edge.source === id);
  }

  edgesTo(id: string): GraphEdge[] {
    return this.#edges.filter((edge) => edge.target === id);
  }

  isPlug(edge: GraphEdge): boolean {
    const port = this.#ports(edge.target, 'inputs').find((one) => one.name === edge.targetPort);
    return port !== undefined && isSlotType(port.type);
  }

  /** Plugs a part into the first slot of a host it fits. @returns false when the host has none */
  plug(part: string, host: string): boolean {
    const slots = this.#ports(host, 'inputs').filter((port) => isSlotType(port.type));
    for (const from of this.#ports(part, 'outputs').filter((port) => isSlotType(port.type))) {
      const slot = slots.find((one) => one.type === from.type);
      if (slot) {
        const ends = { source: part, sourcePort: from.name, target: host, targetPort: slot.name };
        return this.#add(ends);
      }
    }
    return false;
  }

  /**
   * Leads the flow from one step to another, by the given ports or the ones that fit best. Where no value fits, a Set
   * node between them makes text or a plain value of it.
   */
  flow(ends: Ends): void {
    const { source, target } = ends;
    if (!this.#nodes.has(source) || !this.#nodes.has(target)) return;
    const from = this.#outputs(ends);
    const to = this.#inputs(ends);
    for (const input of to) {
      for (const output of from) {
        if (this.#add({ source, sourcePort: output.name, target, targetPort: input.name })) return;
      }
    }
    const [output, input] = [from[0], to[0]];
    if (output && input && this.#bridge(ends, output, input)) return;
    const why =
      output && input ? this.#why({ source, sourcePort: output.name, target, targetPort: input.name }) : '';
    this.problems.push(`'${target}' cannot follow '${source}'. ${why}`.trim());
  }

  #bridge({ source, target }: Ends, output: Port, input: Port): boolean {
    if (this.#definitionOf('set') === undefined) return false;
    const value = `{{ ${source}.${output.name} }}`;
    const isText = input.type === 'string' || input.type === 'message' || input.type === 'messages';
    const config = isText ? { mode: 'text', text: value } : { mode: 'json', json: value };
    const id = this.put({ id: this.freeId(`${target}_input`), type: 'set', config });
    const first = { source, sourcePort: output.name, target: id, targetPort: 'input' };
    const second = { source: id, sourcePort: 'output', target, targetPort: input.name };
    if (this.#add(first) && this.#add(second)) return true;
    this.remove(id);
    return false;
  }

  #outputs({ source, sourcePort }: Ends): Port[] {
    const ports = this.#ports(source, 'outputs').filter(
      (port) => !isSlotType(port.type) && port.loop !== 'body',
    );
    if (sourcePort !== undefined)
      return this.#ports(source, 'outputs').filter((port) => port.name === sourcePort);
    return preferred(ports, MAIN_OUTPUT[this.#nodes.get(source)?.type ?? '']);
  }

  #inputs({ target, targetPort }: Ends): Port[] {
    const ports = this.#ports(target, 'inputs');
    if (targetPort !== undefined) return ports.filter((port) => port.name === targetPort);
    const open = ports.filter((port) => !isSlotType(port.type) && port.loop !== 'return');
    return preferred(open, MAIN_INPUT[this.#nodes.get(target)?.type ?? '']);
  }

  #ports(id: string, side: 'inputs' | 'outputs'): readonly Port[] {
    const node = this.#nodes.get(id);
    return node ? portsOf(node, this.#definitionOf)[side] : [];
  }

  #add(connection: Connection): boolean {
    if (refusal(this.graph, connection, this.#definitionOf) !== null) return false;
    this.#edges.push({ ...connection, id: this.#nextEdge, priority: 0 });
    this.#nextEdge += 1;
    return true;
  }

  #why(connection: Connection): string {
    return refusal(this.graph, connection, this.#definitionOf)?.message ?? '';
  }
}

function preferred(ports: readonly Port[], names: readonly string[] = []): Port[] {
  const first = names.flatMap((name) => ports.find((port) => port.name === name) ?? []);
  return [...first, ...ports.filter((port) => !first.includes(port))];
}
