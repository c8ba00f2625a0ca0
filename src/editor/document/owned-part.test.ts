import { describe, expect, it } from 'vitest';
import { goingWith, withOwnParts } from './owned-part.ts';
import { testDefinitionOf as definitionOf, testEdge, testGraph, testNode } from './testing.ts';

// Two hosts share a model; the first has a tool that is a step of its own as well.
const graph = testGraph(
  [
    testNode('one', 'host'),
    testNode('two', 'host'),
    testNode('shared', 'model'),
    testNode('own', 'both'),
    testNode('step', 'both'),
  ],
  [
    testEdge(1, 'shared.model', 'one.model'),
    testEdge(2, 'shared.model', 'two.model'),
    testEdge(3, 'own.tool', 'one.tools'),
    testEdge(4, 'step.tool', 'one.tools'),
    testEdge(5, 'step.out', 'two.in'),
  ],
);
const of = (...ids: string[]) => new Set(ids);

describe('what belongs to a node', () => {
  it('is copied with it, unless data flows through it', () => {
    expect(withOwnParts(graph, of('one'), definitionOf)).toEqual(of('one', 'shared', 'own'));
  });

  it('goes with it when nobody else uses it', () => {
    expect(goingWith(graph, of('one'), definitionOf)).toEqual(of('one', 'own'));
    expect(goingWith(graph, of('one', 'two'), definitionOf)).toEqual(of('one', 'two', 'shared', 'own'));
  });

  it('is what was chosen in any case', () => {
    expect(goingWith(graph, of('shared', 'step'), definitionOf)).toEqual(of('shared', 'step'));
  });
});
