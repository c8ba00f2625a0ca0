import { expect, it } from 'vitest';
import { z } from 'zod';
import { availableDefinitions, lookUpIn } from './available.ts';
import { defineNode } from './definition.ts';

const base = {
  title: '',
  summary: '',
  icon: 'box',
  category: 'data',
  config: z.object({}),
  effect: 'pure',
  formatVersion: 1,
  docs: '',
  ports: () => ({ inputs: [], outputs: [] }),
} as const;
const all = [
  defineNode({ ...base, type: 'plain' }),
  defineNode({ ...base, type: 'host', needsOperator: true }),
];

it('has what touches the host only where the operator named it', () => {
  const types = (enabled: string[]) => availableDefinitions(all, enabled).map((one) => one.type);
  expect(types([])).toEqual(['plain']);
  expect(types(['plain', 'other'])).toEqual(['plain']);
  expect(types(['host'])).toEqual(['plain', 'host']);
});

it('finds by type what is in the list and nothing else', () => {
  const definitionOf = lookUpIn(availableDefinitions(all, []));
  expect(definitionOf('plain')).toBe(all[0]);
  for (const stranger of ['host', 'toString', '__proto__', ''])
    expect(definitionOf(stranger)).toBeUndefined();
});
