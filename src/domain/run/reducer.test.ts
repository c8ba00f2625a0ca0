import { describe, expect, it } from 'vitest';
import type { Graph } from '../graph/graph.ts';
import type { Effect, Fact, Outputs } from './fact.ts';
import { compile, PlanError } from './plan.ts';
import type { RunPlan } from './planned.ts';
import { advance, decide } from './reducer.ts';
import { outputOf } from './result.ts';
import { emptyState } from './state.ts';
import { definitionOf, testGraph, testNode } from './test-graph.ts';

type Answer = (node: string, inputs: Outputs) => Outputs;

/** Plays a run: every started step ends at once with what `answer` says. */
function play(graph: Graph, answer: Answer = (node) => ({ out: node, p: node })) {
  const plan = compile({ graph, triggerNode: 't', definitionOf });
  const state = emptyState(plan);
  const ran: string[] = [];
  const skipped: string[] = [];
  const inputs: Record<string, Outputs> = {};
  const facts: Fact[] = [{ kind: 'started', payload: 1 }];
  let finishes = 0;
  for (let fact = facts.shift(); fact; fact = facts.shift()) {
    for (const effect of advance(plan, state, fact)) {
      if (effect.kind === 'finish') finishes += 1;
      if (effect.kind === 'skip') skipped.push(effect.node);
      if (effect.kind !== 'run') continue;
      ran.push(effect.node);
      inputs[effect.node] = effect.inputs;
      const { node, scope, attempt } = effect;
      facts.push({ kind: 'done', node, scope, attempt, outputs: answer(node, effect.inputs) });
    }
  }
  return { plan, state, ran, skipped, inputs, finishes };
}

const n = (id: string) => testNode(id, 'n');

describe('graphs the reference system gets wrong', () => {
  it('A -> {B, C} -> D -> Z runs D and Z once', () => {
    const { ran, finishes, state } = play(
      testGraph(
        [n('a'), n('b'), n('c'), n('d'), n('z')],
        ['t -> a', 'a -> b', 'a -> c', 'b -> d', 'c -> d', 'd -> z'],
      ),
    );
    expect(ran).toEqual(['a', 'b', 'c', 'd', 'z']);
    expect(finishes).toBe(1);
    expect(state.status).toBe('completed');
  });

  it('switch -> {P, Q} -> merge -> Z runs merge and Z with what P gave, and skips Q', () => {
    const graph = testGraph(
      [testNode('s', 's'), n('p'), n('q'), testNode('m', 'm'), n('z')],
      ['t -> s', 's.p -> p', 's.q -> q', 'p -> m', 'q -> m', 'm -> z'],
    );
    const { ran, skipped, inputs, plan, state } = play(graph);
    expect(ran).toEqual(['s', 'p', 'm', 'z']);
    expect(skipped).toEqual(['q']);
    expect(inputs.m).toEqual({ in: ['p'] });
    expect(outputOf(plan, state)).toEqual({ node_outputs: { z: { out: 'z', p: 'z' } } });
  });

  it('a trigger that feeds a merge and a node before it runs the merge once, last', () => {
    const graph = testGraph([n('a'), testNode('m', 'm')], ['t -> m', 't -> a', 'a -> m']);
    const { ran, inputs } = play(graph);
    expect(ran).toEqual(['a', 'm']);
    expect(inputs.m).toEqual({ in: [1, 'a'] });
  });

  it('a dead end beside the way to the end does not keep the run open', () => {
    const { state } = play(testGraph([n('a'), n('twig'), n('b')], ['t -> a', 'a -> twig', 'a -> b']));
    expect(state.status).toBe('completed');
    expect(state.root.open).toBe(0);
  });

  it('a long path that nobody takes is skipped to its end', () => {
    const nodes = Array.from({ length: 5000 }, (_, index) => n(`n${index}`));
    const edges = nodes.map((node, index) => `${index === 0 ? 's.q' : `n${index - 1}`} -> ${node.id}`);
    const { skipped, state } = play(testGraph([testNode('s', 's'), ...nodes], ['t -> s', ...edges]));
    expect(skipped).toHaveLength(5000);
    expect(state.status).toBe('completed');
  });
});

describe('joins', () => {
  it('"any" fires at the first taken edge and only once', () => {
    const graph = testGraph(
      [n('a'), n('b'), testNode('j', 'n', { join: 'any' })],
      ['t -> a', 't -> b', 'a -> j', 'b -> j'],
    );
    const plan = compile({ graph, triggerNode: 't', definitionOf });
    const state = emptyState(plan);
    advance(plan, state, { kind: 'started', payload: 1 });
    const first = advance(plan, state, {
      kind: 'done',
      node: 'b',
      scope: '',
      attempt: 1,
      outputs: { out: 'B' },
    });
    expect(first).toMatchObject([{ kind: 'run', node: 'j', inputs: { in: 'B' } }]);
    expect(
      advance(plan, state, { kind: 'done', node: 'a', scope: '', attempt: 1, outputs: { out: 'A' } }),
    ).toEqual([]);
  });

  it('"any" is skipped when nothing reaches it', () => {
    const graph = testGraph(
      [testNode('s', 's'), testNode('j', 'n', { join: 'any' })],
      ['t -> s', 's.q -> j'],
    );
    expect(play(graph).skipped).toEqual(['j']);
  });

  it('gives a port with several edges the first value in edge order', () => {
    const graph = testGraph([n('a'), n('b'), n('j')], ['t -> a', 't -> b', 'b -> j', 'a -> j']);
    expect(play(graph).inputs.j).toEqual({ in: 'b' });
    const urgent = {
      ...graph,
      edges: graph.edges.map((edge) => (edge.source === 'a' ? { ...edge, priority: -1 } : edge)),
    };
    expect(play(urgent).inputs.j).toEqual({ in: 'a' });
  });

  it('converts on the edge', () => {
    const graph = testGraph([testNode('a', 'number'), testNode('b', 'text')], ['t -> a', 'a -> b']);
    expect(play(graph, () => ({ out: 42 })).inputs.b).toEqual({ in: '42' });
  });
});

describe('errors', () => {
  const failing = (settings: object) =>
    testGraph(
      [testNode('f', 's', settings), n('p'), n('e')],
      [
        't -> f',
        'f.p -> p',
        ...('onError' in settings && settings.onError === 'route' ? ['f.error -> e'] : ['f.q -> e']),
      ],
    );
  const error = { message: 'no', code: 'broken', node: 'f' };
  const fail = (
    graph: Graph,
    retryAt: number | null = null,
  ): { effects: Effect[]; run: ReturnType<typeof decide> & { plan: RunPlan } } => {
    const plan = compile({ graph, triggerNode: 't', definitionOf });
    const run = decide(plan, [
      { kind: 'started', payload: 1 },
      { kind: 'failed', node: 'f', scope: '', attempt: 1, error, retryAt },
    ]);
    return { effects: run.effects, run: { ...run, plan } };
  };

  it('"fail" ends the run with the error', () => {
    expect(fail(failing({})).effects.at(-1)).toEqual({ kind: 'finish', status: 'failed', error });
  });

  it('"continue" goes on with the fallback on every port', () => {
    const { effects } = fail(failing({ onError: 'continue', fallback: 5 }));
    expect(effects.slice(1)).toMatchObject([
      { kind: 'run', node: 'p', inputs: { in: 5 } },
      { kind: 'run', node: 'e', inputs: { in: 5 } },
    ]);
  });

  it('"route" takes the error port and skips the others', () => {
    const { effects } = fail(failing({ onError: 'route' }));
    expect(effects.slice(1)).toMatchObject([
      { kind: 'skip', node: 'p' },
      { kind: 'run', node: 'e', inputs: { in: { message: 'no', code: 'broken', node: 'f' } } },
    ]);
  });

  it('waits before another attempt, and counts attempts', () => {
    const { effects, run } = fail(failing({}), 1234);
    expect(effects.at(-1)).toEqual({ kind: 'retry', node: 'f', scope: '', attempt: 1, at: 1234 });
    const { plan } = run;
    expect(advance(plan, run.state, { kind: 'retry_due', node: 'f', scope: '', attempt: 1 })).toMatchObject([
      { kind: 'run', node: 'f', attempt: 2 },
    ]);
    // The first attempt's late answer no longer counts.
    expect(advance(plan, run.state, { kind: 'done', node: 'f', scope: '', attempt: 1, outputs: {} })).toEqual(
      [],
    );
  });

  it('after the end nothing counts any more', () => {
    const graph = testGraph([n('a')], ['t -> a']);
    const plan = compile({ graph, triggerNode: 't', definitionOf });
    const { state } = decide(plan, [{ kind: 'started', payload: 1 }, { kind: 'cancelled' }]);
    expect(state.status).toBe('cancelled');
    expect(
      advance(plan, state, { kind: 'done', node: 'a', scope: '', attempt: 1, outputs: { out: 1 } }),
    ).toEqual([]);
    expect(state.status).toBe('cancelled');
  });
});

describe('compile', () => {
  const message = (graph: Graph): string => {
    try {
      compile({ graph, triggerNode: 't', definitionOf });
    } catch (error) {
      if (error instanceof PlanError) return error.message;
    }
    return '';
  };

  it('leaves out what the trigger does not reach, and its edges', () => {
    const graph = testGraph([testNode('t2', 't'), n('a'), n('lone')], ['t -> a', 't2.payload -> a']);
    expect(play(graph).ran).toEqual(['a']);
  });

  it('names the place when it refuses', () => {
    expect(message(testGraph([], ['t -> gone']))).toContain('gone');
    expect(message(testGraph([testNode('x', 'odd')], ['t -> x']))).toContain('odd');
    expect(message(testGraph([n('a')], ['t -> a.nowhere']))).toContain('nowhere');
    expect(message(testGraph([n('a'), n('b')], ['t -> a', 'a -> b', 'b -> a']))).toContain('circle');
    expect(message({ nodes: [], edges: [] })).toContain('trigger');
  });
});

it('a chain of 1,000 costs less than 0.2 ms a node', () => {
  const nodes = Array.from({ length: 1000 }, (_, index) => n(`n${index}`));
  const edges = nodes.map((node, index) => `${index === 0 ? 't' : `n${index - 1}`} -> ${node.id}`);
  const graph = testGraph(nodes, edges);
  play(graph);
  const begun = performance.now();
  play(graph);
  expect((performance.now() - begun) / 1000).toBeLessThan(0.2);
});
