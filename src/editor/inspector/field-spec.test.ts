import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { nodeDefinitions } from '#nodes/definitions.ts';
import { fieldErrors, fieldsOf, isShown, optionTitle, withField } from './field-spec.ts';

const definition = defineNode({
  type: 'sample',
  title: 'Sample',
  summary: '',
  icon: 'box',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  docs: '',
  config: z.object({
    note: z
      .string()
      .optional()
      .meta({ field: { group: 'advanced' } }),
    count: z.int().min(1).max(9).default(2).describe('How many.'),
    mode: z
      .enum(['a', 'when_b'])
      .default('a')
      .meta({ title: 'Kind', field: { group: 'required' } }),
    extra: z
      .string()
      .default('')
      .meta({ field: { control: 'template', when: { field: 'mode', in: ['when_b'] } } }),
    ways: z.array(z.enum(['GET', 'POST'])).default(['GET']),
    on: z.boolean().default(false),
    pairs: z.record(z.string(), z.string()).default({}),
    words: z.array(z.string()).default([]),
    keys: z.array(z.object({ path: z.string().default(''), down: z.boolean().default(true) })).default([]),
    secret: z.string().default('').meta({ format: 'password' }),
    start: z.iso.datetime().optional(),
  }),
  ports: () => ({ inputs: [], outputs: [] }),
});
const fields = fieldsOf(definition);
const field = (name: string) => {
  const found = fields.find((one) => one.name === name);
  if (!found) throw new Error(`No field ${name}.`);
  return found;
};

describe('the form of a node type', () => {
  it('chooses a control for every kind of schema', () => {
    expect(Object.fromEntries(fields.map((one) => [one.name, one.control]))).toEqual({
      note: 'text',
      count: 'number',
      mode: 'select',
      extra: 'template',
      ways: 'multiselect',
      on: 'switch',
      pairs: 'keyvalue',
      words: 'tags',
      keys: 'rows',
      secret: 'password',
      start: 'datetime',
    });
  });

  it('reads title, description, bounds and options through defaults', () => {
    expect(field('count')).toMatchObject({
      title: 'Count',
      description: 'How many.',
      min: 1,
      max: 9,
      integer: true,
    });
    expect(field('mode')).toMatchObject({ title: 'Kind', options: ['a', 'when_b'] });
    expect(field('ways').options).toEqual(['GET', 'POST']);
    expect(optionTitle('when_b')).toBe('When b');
    expect(optionTitle('GET')).toBe('GET');
  });

  it('puts required fields first and advanced ones last', () => {
    expect(fields[0]?.name).toBe('mode');
    expect(fields.at(-1)?.name).toBe('note');
  });

  it('shows a field only while another has the value it waits for', () => {
    expect(isShown(field('extra'), { mode: 'a' })).toBe(false);
    expect(isShown(field('extra'), { mode: 'when_b' })).toBe(true);
  });

  it('takes an emptied optional field out and keeps an emptied other one', () => {
    expect(withField({ note: 'x' }, field('note'), '')).toEqual({});
    expect(withField({ extra: 'x' }, field('extra'), '')).toEqual({ extra: '' });
  });

  it('reports messages by field', () => {
    expect([...fieldErrors(definition, { count: 20 }).keys()]).toEqual(['count']);
  });

  it('has a control for every field of every node type in the product', () => {
    for (const one of nodeDefinitions) {
      for (const spec of fieldsOf(one)) {
        expect(spec.title, `${one.type}.${spec.name}`).not.toBe('');
        if (spec.control === 'select')
          expect(spec.options.length, `${one.type}.${spec.name}`).toBeGreaterThan(0);
      }
    }
  });
});

describe('a list of objects', () => {
  it('has a control for every part, and starts new entries with the defaults', () => {
    const parts = field('keys').rows;
    expect(parts.map(({ name, control, initial }) => ({ name, control, initial }))).toEqual([
      { name: 'path', control: 'text', initial: '' },
      { name: 'down', control: 'switch', initial: true },
    ]);
  });
});
