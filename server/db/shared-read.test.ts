import { describe, expect, it } from 'vitest';
import { SharedReads } from './shared-read.ts';

/** A source whose reads end when told to, each with the value the source had when it began. */
function source() {
  const ends: (() => void)[] = [];
  const state = { value: 0, ends };
  const load = (): Promise<number> => {
    const seen = state.value;
    return new Promise((resolve) => ends.push(() => resolve(seen)));
  };
  return { state, load };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('SharedReads', () => {
  it('reads once for everybody who asked while another read was under way, and never from before they asked', async () => {
    const { state, load } = source();
    const reads = new SharedReads<number>();
    const first = reads.read('a', load);
    state.value = 1;
    const second = reads.read('a', load);
    const third = reads.read('a', load);
    expect(state.ends).toHaveLength(1);
    state.ends[0]?.();
    expect(await first).toBe(0);
    await turn();
    expect(state.ends).toHaveLength(2);
    state.ends[1]?.();
    expect(await Promise.all([second, third])).toEqual([1, 1]);
  });

  it('keeps keys apart and goes on after a failure', async () => {
    const reads = new SharedReads<number>();
    const failed = reads.read('a', () => Promise.reject(new Error('no')));
    const after = reads.read('a', () => Promise.resolve(2));
    const other = reads.read('b', () => Promise.resolve(3));
    await expect(failed).rejects.toThrow('no');
    expect(await after).toBe(2);
    expect(await other).toBe(3);
    expect(await reads.read('a', () => Promise.resolve(4))).toBe(4);
  });
});
