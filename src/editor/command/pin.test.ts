import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { pinChange, pinnable, unpinChange } from './pin.ts';

const log = (status: string, output: unknown, scope = '') => ({ node_id: 'a', scope, status, output });
const node = { id: 'a', type: 'set', label: 'Total', x: 0, y: 0, config: {}, settings: DEFAULT_SETTINGS };

describe('what may be pinned', () => {
  it('is the last success outside loops', () => {
    expect(pinnable([log('failed', { out: 0 }), log('success', { out: 1 })], 'a')).toEqual({ out: 1 });
    expect(pinnable([log('failed', { out: 0 })], 'a')).toBeNull();
    expect(pinnable([log('success', { out: 1 }, '/loop:0')], 'a')).toBeNull();
    expect(pinnable([log('success', { out: 1 })], 'b')).toBeNull();
  });
});

describe('pinning', () => {
  it('changes the settings only, and back', () => {
    const { commands } = pinChange(node, { output: 3 });
    expect(commands).toEqual([
      { kind: 'update_node', id: 'a', settings: { ...DEFAULT_SETTINGS, pin: { output: 3 } } },
    ]);
    const pinned = { ...node, settings: { ...DEFAULT_SETTINGS, pin: { output: 3 } } };
    expect(unpinChange(pinned).commands).toEqual([
      { kind: 'update_node', id: 'a', settings: DEFAULT_SETTINGS },
    ]);
  });
});
