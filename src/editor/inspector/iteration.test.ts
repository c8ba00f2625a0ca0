import { describe, expect, it } from 'vitest';
import { iterationsOf, startingAt } from './iteration.ts';

const log = (node_id: string, scope: string, status = 'success', attempt = 1) => ({
  ...{ node_id, scope, status, attempt },
});

describe('the repetitions of a node', () => {
  it('come in the order of the items, each with its attempts', () => {
    const logs = [
      log('a', '/l:10'),
      log('a', '/l:2', 'failed', 1),
      log('b', '/l:2'),
      log('a', '/l:2', 'success', 2),
    ];
    const found = iterationsOf(logs, 'a');
    expect(found.map((one) => one.scope)).toEqual(['/l:2', '/l:10']);
    expect(found[0]?.attempts).toHaveLength(2);
    expect(found[0]?.failed).toBe(false);
    expect(iterationsOf(logs, 'c')).toEqual([]);
  });

  it('are ordered by the outer loop first', () => {
    const logs = [log('a', '/o:1/i:0'), log('a', '/o:0/i:12'), log('a', '/o:0/i:3')];
    expect(iterationsOf(logs, 'a').map((one) => one.scope)).toEqual(['/o:0/i:3', '/o:0/i:12', '/o:1/i:0']);
  });
});

describe('which repetition is shown', () => {
  const at = (scope: string, failed = false) => ({ scope, failed });

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
