import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type AnyDefinition,
  ERROR_PORT,
  NODE_CATEGORIES,
  readConfig,
  typePorts,
} from '#domain/node/definition.ts';
import { definitionOf, definitions, nodeDefinitions } from './definitions.ts';

describe.each(Object.keys(definitions))('%s', (type) => {
  const definition = definitionOf(type) as AnyDefinition;

  it('is registered under its own type', () => {
    expect(definition.type).toBe(type);
    expect(NODE_CATEGORIES).toContain(definition.category);
    expect(definition.icon).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
  });

  it('describes every field of its form', () => {
    const schema = z.toJSONSchema(definition.config, { io: 'input' });
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      expect(field, name).toMatchObject({
        description: expect.stringMatching(/\.$/),
        title: expect.any(String),
        field: expect.objectContaining({ group: expect.any(String) }),
      });
    }
  });

  it('shows a field only depending on fields and values that exist', () => {
    const shape: Readonly<Record<string, unknown>> = definition.config.shape;
    for (const [name, field] of Object.entries(shape)) {
      const { when } = (z.globalRegistry.get(field as z.ZodType)?.['field'] ?? {}) as {
        when?: { field: string; in: unknown[] };
      };
      if (!when) continue;
      const other = shape[when.field] as z.ZodType;
      for (const value of when.in)
        expect(other.safeParse(value).success, `${name} when ${String(value)}`).toBe(true);
    }
  });

  it('has ports from the first moment, with names of their own', () => {
    const { inputs, outputs } = typePorts(definition, {});
    expect(outputs.length).toBeGreaterThan(0);
    expect(inputs.length > 0 || definition.isPart === true).toBe(definition.trigger === undefined);
    for (const ports of [inputs, outputs]) {
      const names = ports.map((port) => port.name);
      expect(new Set(names).size).toBe(names.length);
      for (const port of ports) expect(port.description).toMatch(/\.$/);
    }
    // A trigger never runs, so it never gains the port for routed errors.
    if (definition.trigger) return;
    expect(outputs.map((port) => port.name)).not.toContain(ERROR_PORT.name);
  });

  it('draws its card from a config that is still empty or wrong', () => {
    const wrong = Object.fromEntries(Object.keys(definition.config.shape).map((key) => [key, 12_345]));
    for (const config of [{}, wrong]) {
      const read = readConfig(definition, config);
      expect(typeof (definition.subtitle?.(read) ?? '')).toBe('string');
      expect(Array.isArray(definition.ports(read).outputs)).toBe(true);
    }
  });

  it('explains itself with an example and a way out', () => {
    expect(definition.summary).toMatch(/\.$/);
    expect(definition.docs).toContain('**Example.**');
    expect(definition.docs).toContain('**When it goes wrong.**');
  });
});

it('definitionOf knows only registered types', () => {
  expect(nodeDefinitions.map((one) => one.type)).toEqual(Object.keys(definitions));
  expect(definitionOf('set')).toBe(definitions.set);
  for (const stranger of ['nope', 'toString', '__proto__', ''])
    expect(definitionOf(stranger)).toBeUndefined();
});

it('calls exactly the triggers so: the other types must have an executor', () => {
  const triggers = nodeDefinitions.filter((one) => one.trigger).map((one) => one.type);
  expect(triggers).toContain('trigger_manual');
  expect(triggers).toEqual(Object.keys(definitions).filter((type) => type.startsWith('trigger_')));
});
