import { describe, expect, it } from 'vitest';
import { inItemOrder, startingAt } from './iteration.ts';

const at = (scope: string, failed = false) => ({ scope, failed });
const ordered = (...scopes: string[]) =>
  inItemOrder(scopes.map((scope) => at(scope))).map((one) => one.scope);

describe('the repetitions of a node', () => {
  it('come in the order of the items, not of the digits', () => {
    expect(ordered('/l:10', '/l:2', '/l:0')).toEqual(['/l:0', '/l:2', '/l:10']);
  });

  it('are ordered by the outer loop first', () => {
    expect(ordered('/o:1/i:0', '/o:0/i:12', '/o:0/i:3')).toEqual(['/o:0/i:3', '/o:0/i:12', '/o:1/i:0']);
  });
});

describe('which repetition is shown', () => {
  it('is the first that failed, else the first', () => {
    expect(startingAt([at('/l:0'), at('/l:1', true)], null)).toBe(1);
    expect(startingAt([at('/l:0'), at('/l:1')], null)).toBe(0);
  });

  it('stays at the same item from node to node, into and out of inner loops', () => {
    expect(startingAt([at('/l:0'), at('/l:1')], '/l:1')).toBe(1);
    expect(startingAt([at('/l:0/i:0'), at('/l:1/i:0')], '/l:1')).toBe(1);
    expect(startingAt([at('/l:0'), at('/l:1')], '/l:1/i:4')).toBe(1);
  });
});
