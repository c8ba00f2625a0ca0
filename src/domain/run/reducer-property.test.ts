import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Graph, GraphNode } from '../graph/graph.ts';
import type { Effect, Fact, StepRef } from './fact.ts';
import { compile } from './plan.ts';
import type { RunPlan } from './planned.ts';
import { advance, decide } from './reducer.ts';
import { emptyState, type RunState } from './state.ts';
import { definitionOf, testEdges, testNode } from './test-graph.ts';

const TYPES = ['n', 's', 'm', 'n'] as const;
const ON_ERROR = ['continue', 'route'] as const;

/** Random graphs whose edges lead from lower to higher nodes; every node hangs on an earlier one. */
const graphs = fc
  .array(
    fc.record({
      type: fc.constantFrom(...TYPES),
      any: fc.boolean(),
      onError: fc.constantFrom(...ON_ERROR),
      parents: fc.array(fc.record({ at: fc.nat(), port: fc.nat(2) }), { minLength: 1, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((specs): Graph => {
    const nodes: GraphNode[] = [testNode('t', 't')];
    const edges = new Set<string>();
    for (const [index, spec] of specs.entries()) {
      const id = `n${index}`;
      for (const { at, port } of spec.parents) {
        const parent = nodes[at % nodes.length];
        if (parent) edges.add(`${parent.id}.${portsFor(parent)[port % portsFor(parent).length]} -> ${id}`);
      }
      nodes.push(testNode(id, spec.type, { join: spec.any ? 'any' : 'all', onError: spec.onError }));
    }
    return { nodes, edges: testEdges([...edges]) };
  });

function portsFor(node: GraphNode): string[] {
  if (node.type === 't') return ['payload'];
  const ports = node.type === 's' ? ['p', 'q'] : ['out'];
  return node.settings.onError === 'route' ? [...ports, 'error'] : ports;
}

/** What a step does depends on the node alone, so that every order of arrival can be compared. */
function endOf({ node, scope, attempt }: StepRef, seed: number): Fact {
  const dice =
    (seed * 31 + [...node].reduce((sum, char) => sum * 7 + char.charCodeAt(0), 1) * 17 + attempt) % 10;
  const error = { message: 'no', code: 'broken', node };
  if (dice === 0 && attempt < 3) return { kind: 'failed', node, scope, attempt, error, retryAt: 5 };
  if (dice === 1) return { kind: 'failed', node, scope, attempt, error, retryAt: null };
  const outputs = dice < 5 ? { p: node, out: node } : { q: node, out: node };
  return dice === 2
    ? { kind: 'waiting', node, scope, attempt, until: 9, outputs }
    : { kind: 'done', node, scope, attempt, outputs };
}

interface Played {
  readonly facts: Fact[];
  readonly effects: Effect[];
  readonly state: RunState;
}

/** Plays a run to its end; `pick` chooses which of the possible facts arrives next. */
function play(plan: RunPlan, seed: number, pick: (count: number) => number): Played {
  const state = emptyState(plan);
  const facts: Fact[] = [];
  const effects: Effect[] = [];
  const possible: Fact[] = [{ kind: 'started', payload: 0 }];
  while (possible.length > 0) {
    const [fact] = possible.splice(pick(possible.length) % possible.length, 1);
    if (!fact) break;
    facts.push(fact);
    for (const effect of advance(plan, state, fact)) {
      effects.push(effect);
      if (effect.kind === 'run') possible.push(endOf(effect, seed));
      if (effect.kind === 'wait') possible.push({ ...refOf(effect), kind: 'resumed' });
      if (effect.kind === 'retry') possible.push({ ...refOf(effect), kind: 'retry_due' });
    }
  }
  return { facts, effects, state };
}

const refOf = ({ node, scope, attempt }: StepRef): StepRef => ({ node, scope, attempt });
const TERMINAL = new Set(['success', 'failed', 'skipped']);
const picks = fc.infiniteStream(fc.nat(1000));
const drawFrom = (stream: Iterator<number>) => () => Number(stream.next().value);

it('every node ends exactly once, and the run after them', () => {
  fc.assert(
    fc.property(graphs, fc.nat(1000), picks, (graph, seed, stream) => {
      const plan = compile({ graph, triggerNode: 't', definitionOf });
      const { state, effects, facts } = play(plan, seed, drawFrom(stream));
      expect(state.status).toBe('completed');
      expect(state.root.steps.every((step) => TERMINAL.has(step.state))).toBe(true);
      expect(effects.filter((effect) => effect.kind === 'finish')).toHaveLength(1);
      const ends = new Map<string, number>();
      const count = (node: string) => ends.set(node, (ends.get(node) ?? 0) + 1);
      for (const effect of effects) if (effect.kind === 'skip') count(effect.node);
      for (const fact of facts) {
        if (
          fact.kind === 'done' ||
          fact.kind === 'resumed' ||
          (fact.kind === 'failed' && fact.retryAt === null)
        )
          count(fact.node);
      }
      expect([...ends.values()].every((times) => times === 1)).toBe(true);
      expect(ends.size).toBe(plan.nodes.length - 1);
      expect([...state.root.tokens].every((token) => token === 1 || token === 2)).toBe(true);
    }),
  );
});

it('no node starts before an edge to it is taken, nor, joining all, before every edge has its token', () => {
  fc.assert(
    fc.property(graphs, fc.nat(1000), picks, (graph, seed, stream) => {
      const plan = compile({ graph, triggerNode: 't', definitionOf });
      const { facts } = play(plan, seed, drawFrom(stream));
      const state = emptyState(plan);
      for (const fact of facts) {
        for (const effect of advance(plan, state, fact)) {
          if (effect.kind !== 'run') continue;
          const node = plan.byId.get(effect.node);
          const tokens = (node?.incoming ?? []).map((edge) => state.root.tokens[edge.slot]);
          expect(tokens).toContain(1);
          if (node?.node.settings.join === 'all') expect(tokens).not.toContain(0);
        }
      }
    }),
  );
});

it('the order in which steps happen to end changes no token', () => {
  fc.assert(
    fc.property(graphs, fc.nat(1000), picks, picks, (graph, seed, one, other) => {
      const plan = compile({ graph, triggerNode: 't', definitionOf });
      const first = play(plan, seed, drawFrom(one));
      const second = play(plan, seed, drawFrom(other));
      expect([...second.state.root.tokens]).toEqual([...first.state.root.tokens]);
      expect(second.state.root.outputs).toEqual(first.state.root.outputs);
    }),
  );
});

it('going on from any recorded prefix is the same as never having stopped', () => {
  fc.assert(
    fc.property(graphs, fc.nat(1000), picks, fc.nat(1000), (graph, seed, stream, cut) => {
      const plan = compile({ graph, triggerNode: 't', definitionOf });
      const whole = play(plan, seed, drawFrom(stream));
      const at = cut % (whole.facts.length + 1);
      const { state, effects } = decide(plan, whole.facts.slice(0, at));
      for (const fact of whole.facts.slice(at)) effects.push(...advance(plan, state, fact));
      expect(effects).toEqual(whole.effects);
      expect(state).toEqual(whole.state);
      // Hearing everything a second time changes nothing.
      for (const fact of whole.facts) expect(advance(plan, state, fact)).toEqual([]);
    }),
  );
});
