import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineNode } from '../node/definition.ts';
import { credentialField, credentialsIn, missingName, withCredentials } from './reference.ts';

const field = () => credentialField({ title: 'C', use: 'http', describe: 'x' });
const definition = defineNode({
  type: 'deep',
  title: 'Deep',
  summary: '',
  icon: 'x',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  docs: '',
  ports: () => ({ inputs: [], outputs: [] }),
  config: z.object({
    own: field(),
    other: z.string().default(''),
    tools: z.array(z.object({ key: field(), name: z.string() })).default([]),
    byName: z.record(z.string(), z.object({ inner: field() })).optional(),
    either: z.union([z.string(), z.object({ credential: field() })]).optional(),
  }),
});

const config = {
  own: 1,
  other: '2',
  tools: [{ key: 3, name: 'a' }, { key: null, name: 'b' }, { name: 'c' }, 'odd'],
  byName: { x: { inner: { missing: 'Shop' } }, y: { inner: '{{ 5 }}' } },
  either: { credential: 4 },
};

describe('references of a config', () => {
  it('are found wherever the schema has them, whatever is there', () => {
    expect(credentialsIn(config, definition)).toEqual([
      { field: 'own', value: 1 },
      { field: 'tools.0.key', value: 3 },
      { field: 'byName.x.inner', value: { missing: 'Shop' } },
      { field: 'byName.y.inner', value: '{{ 5 }}' },
      { field: 'either.credential', value: 4 },
    ]);
    expect(credentialsIn({}, definition)).toEqual([]);
    expect(credentialsIn({ own: null, tools: 5, byName: [] }, definition)).toEqual([]);
  });

  it('can be changed, and what stays keeps its identity', () => {
    const changed = withCredentials(config, definition, (value) => (value === 3 ? { missing: 'x' } : value));
    expect(changed).toEqual({
      ...config,
      tools: [{ key: { missing: 'x' }, name: 'a' }, ...config.tools.slice(1)],
    });
    expect(changed['byName']).toBe(config.byName);
    expect(withCredentials(config, definition, (value) => value)).toBe(config);
  });

  it('are ids, names of what is missing, or nothing', () => {
    const { own } = definition.config.shape;
    expect(own.parse(undefined)).toBe(null);
    expect(own.parse({ missing: 'Shop' })).toEqual({ missing: 'Shop' });
    for (const wrong of [0, -1, 1.5, '1', {}, [1], true]) expect(own.safeParse(wrong).success).toBe(false);
    expect(missingName({ missing: 'Shop' })).toBe('Shop');
    expect([missingName(5), missingName(null), missingName({ missing: 5 })]).toEqual([null, null, null]);
  });
});
