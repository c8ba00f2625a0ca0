import {
  DEFAULT_SETTINGS,
  type Graph,
  type GraphEdge,
  type GraphNode,
  type NodeSettings,
} from '#domain/graph/graph.ts';
import { compile, PlanError } from '#domain/run/plan.ts';
import type { RunPlan } from '#domain/run/planned.ts';
import type { Chance } from './chance.ts';
import { definitionOf, type SimConfig } from './node-type.ts';

export interface SimWorkflow {
  readonly graph: Graph;
  readonly plan: RunPlan;
  /** What it comes to does not depend on what happens to be first. */
  readonly isOrdered: boolean;
  /** It starts runs of its own. */
  readonly hasChildren: boolean;
}

export const TRIGGER = 't';

/** A way out that something is to follow. */
interface End {
  readonly node: string;
  readonly port: string;
}

const MAX_NODES = 16;
const MAX_DEPTH = 3;

/** A workflow that any chance may draw: sequences, branches, joins, loops in loops, waits, failures, effects. */
export function randomWorkflow(chance: Chance, mayCall: boolean): SimWorkflow {
  const growing = new Growing(chance, mayCall);
  growing.grow();
  const { nodes, edges, extra } = growing;
  const about = { isOrdered: growing.isOrdered, hasChildren: nodes.some((node) => node.type === 'child') };
  for (const graph of [
    { nodes, edges: [...edges, ...extra] },
    { nodes, edges },
  ]) {
    try {
      return { graph, plan: compile({ graph, triggerNode: TRIGGER, definitionOf }), ...about };
    } catch (error) {
      // A chance edge may tear a loop open: then it is left out.
      if (!(error instanceof PlanError) || graph.edges === edges) throw error;
    }
  }
  throw new Error('No graph could be drawn.');
}

class Growing {
  readonly nodes: GraphNode[] = [];
  readonly edges: GraphEdge[] = [];
  readonly extra: GraphEdge[] = [];
  isOrdered = true;
  private readonly chance: Chance;
  private readonly mayCall: boolean;

  constructor(chance: Chance, mayCall: boolean) {
    this.chance = chance;
    this.mayCall = mayCall;
  }

  grow(): void {
    this.node('trigger', {}, {}, TRIGGER);
    let end: End = { node: TRIGGER, port: 'payload' };
    end = this.sequence(end, 0);
    if (this.chance.is(0.15)) this.arrivals(end);
    this.shortCuts();
  }

  private get isFull(): boolean {
    return this.nodes.length >= MAX_NODES;
  }

  private node(
    type: string,
    config: SimConfig = {},
    settings: Partial<NodeSettings> = {},
    id = `${type}${this.nodes.length}`,
  ): string {
    this.nodes.push({
      id,
      type,
      label: null,
      x: 0,
      y: 0,
      config,
      settings: { ...DEFAULT_SETTINGS, ...settings },
    });
    return id;
  }

  private connect({ node, port }: End, target: string, targetPort = 'in', into = this.edges): void {
    const id = this.edges.length + this.extra.length + 1;
    into.push({ id, source: node, sourcePort: port, target, targetPort, priority: this.chance.below(3) });
  }

  private sequence(from: End, depth: number): End {
    let end = from;
    for (let length = this.chance.between(1, depth === 0 ? 4 : 2); length > 0 && !this.isFull; length -= 1) {
      const dice = depth >= MAX_DEPTH ? 0 : this.chance.next();
      if (dice < 0.5) end = this.step(end);
      else if (dice < 0.65) end = this.choice(end, depth);
      else if (dice < 0.8) end = this.fork(end, depth);
      else end = this.loop(end, depth);
    }
    return end;
  }

  private step(from: End): End {
    const { chance } = this;
    const dice = chance.next();
    let id: string;
    if (dice < 0.25) id = this.failing('pass', {});
    else if (dice < 0.4) id = this.failing('think', { ms: chance.between(0, 300) });
    else if (dice < 0.7) id = this.failing('call', { ms: chance.between(1, 800) });
    else if (dice < 0.8) id = this.node('wait', { ms: chance.pick([0, 30, 400, 1500, 20_000]) });
    else if (dice < 0.92 || !this.mayCall) return this.ask(from);
    else id = this.node('child');
    this.connect(from, id);
    const routes = this.nodes.at(-1)?.settings.onError === 'route';
    return routes && chance.is(0.5) ? this.rescued({ node: id, port: 'out' }) : { node: id, port: 'out' };
  }

  private failing(type: string, config: SimConfig): string {
    const { chance } = this;
    if (type === 'call' && chance.is(0.05)) {
      return this.node(
        'hang',
        {},
        { timeoutMs: chance.between(50, 3000), onError: 'continue', fallback: 'late' },
      );
    }
    if (chance.is(0.6)) return this.node(type, config);
    const failTimes = chance.between(1, 3);
    const retry = {
      maxAttempts: chance.between(1, 4),
      initialMs: chance.pick([0, 10, 700, 3000]),
      factor: 2,
      maxMs: 10_000,
      jitter: chance.pick([0, 0.2]),
      retryOn: [],
      noRetryOn: chance.is(0.1) ? ['broken'] : [],
    };
    const onError = chance.pick(['continue', 'route', 'continue', 'fail'] as const);
    const failShare = chance.pick([100, 100, 40]);
    return this.node(type, { ...config, failTimes, failShare }, { retry, onError, fallback: 'instead' });
  }

  /** What goes wrong takes another way, and both meet again. */
  private rescued(out: End): End {
    const other = this.node('pass');
    this.connect({ node: out.node, port: 'error' }, other);
    return this.join([out, { node: other, port: 'out' }]);
  }

  private ask(from: End): End {
    const { chance } = this;
    const dice = chance.next();
    const sources = chance.is(0.7) ? ['a'] : ['a', 'b'];
    const human = chance.is(0.3);
    // Nobody knows which comes first, the signal or the end of the time.
    const isRace = dice < 0.15;
    if (isRace) this.isOrdered = false;
    const expires = dice > 0.8;
    const untilMs = isRace || expires ? chance.between(5, 4000) : chance.pick([null, 3_600_000]);
    const id = this.node('ask', { sources, human, expires, untilMs });
    this.connect(from, id);
    return this.join([
      { node: id, port: 'yes' },
      { node: id, port: 'no' },
    ]);
  }

  private choice(from: End, depth: number): End {
    const id = this.node('choose');
    this.connect(from, id);
    const ends = ['yes', 'no'].map((port): End => {
      const end = { node: id, port };
      return this.chance.is(0.7) ? this.sequence(end, depth + 1) : end;
    });
    return this.join(ends);
  }

  private fork(from: End, depth: number): End {
    const ends = Array.from({ length: this.chance.between(2, 3) }, () => this.sequence(from, depth + 1));
    return this.join(ends);
  }

  private join(ends: readonly End[]): End {
    const type = this.chance.pick(['collect', 'pass', 'call']);
    const join = this.chance.pick(['all', 'all', 'any', 'allTaken'] as const);
    const id = this.node(type, type === 'call' ? { ms: 20 } : {}, { join });
    for (const end of ends) this.connect(end, id);
    return { node: id, port: 'out' };
  }

  private loop(from: End, depth: number): End {
    const { chance } = this;
    const parallelism = chance.pick([1, 1, 2, 3]);
    const onItemError = chance.pick(['stop', 'continue', 'collect'] as const);
    const breaks = parallelism === 1 && chance.is(0.2);
    const breakWhen = breaks ? [{ field: '', operator: 'contains', value: ':1' }] : [];
    const id = this.node(
      'loop',
      {
        count: depth === 0 ? chance.between(1, 5) : chance.between(1, 3),
        parallelism,
        onItemError,
        breakWhen,
      },
      { onError: chance.pick(['fail', 'continue', 'continue'] as const), fallback: 'none' },
    );
    if (parallelism > 1 && onItemError !== 'continue') this.isOrdered = false;
    this.connect(from, id);
    const first = this.node('pass');
    this.connect({ node: id, port: 'each' }, first);
    const end = this.sequence({ node: first, port: 'out' }, depth + 1);
    if (chance.is(0.9)) this.connect(end, id, 'back');
    return { node: id, port: 'results' };
  }

  /** The last thing of a workflow may run once for every arrival. */
  private arrivals(from: End): void {
    // Seen from outside, the last arrival counts.
    this.isOrdered = false;
    const ends = Array.from({ length: 3 }, (): End => {
      const id = this.node(this.chance.pick(['pass', 'call', 'choose']), { ms: 5 });
      this.connect(from, id);
      return { node: id, port: id.startsWith('choose') ? 'yes' : 'out' };
    });
    const each = this.node('pass', {}, { join: 'each' });
    for (const end of ends) this.connect(end, each);
    const last = this.node(this.chance.pick(['call', 'wait', 'pass']), { ms: 15 });
    this.connect({ node: each, port: 'out' }, last);
  }

  /** Edges from anywhere to anywhere further on. */
  private shortCuts(): void {
    const { chance, nodes } = this;
    for (let count = chance.pick([0, 0, 1, 2]); count > 0; count -= 1) {
      const at = chance.between(1, nodes.length - 1);
      const [source, target] = [nodes[at], nodes[chance.between(at, nodes.length - 1)]];
      if (!source || !target || source === target || source.type === 'loop') continue;
      const port = source.type === 'choose' || source.type === 'ask' ? 'yes' : 'out';
      this.connect({ node: source.id, port }, target.id, 'in', this.extra);
    }
  }
}
