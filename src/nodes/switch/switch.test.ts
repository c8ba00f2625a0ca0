import { describe, expect, it } from 'vitest';
import { readConfig } from '#domain/node/definition.ts';
import { graphOf, renderReferences, stepOutputs } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = (config: Record<string, unknown>, input?: unknown) =>
  stepOutputs(definition, execute, { config, inputs: { input } });
const big = { id: 'big', field: 'amount', operator: 'gt', value: 100 };
const even = { id: 'even', label: 'Even more', field: 'amount', operator: 'gt', value: 10 };

describe('choosing', () => {
  it('takes the first rule that holds, and only that way', async () => {
    expect(await run({ rules: [big, even] }, { amount: 150 })).toEqual({
      route: 'big',
      big: { amount: 150 },
    });
    expect(await run({ rules: [big, even] }, { amount: 50 })).toEqual({
      route: 'even',
      even: { amount: 50 },
    });
  });

  it('takes no way when nothing holds, or Otherwise when there is one', async () => {
    expect(await run({ rules: [big] }, { amount: 1 })).toEqual({ route: '' });
    expect(await run({ rules: [big], enable_fallback: true }, { amount: 1 })).toEqual({
      route: '__other__',
      __other__: { amount: 1 },
    });
  });

  it.each([
    [{ field: 'state.order.items.0' }, { order: { items: ['x'] } }],
    [{ field: 'input.order' }, { order: 'x' }],
    [{ field: '' }, 'x'],
    [{ left: 'x', field: 'ignored' }, {}],
  ])('looks where the rule says: %j', async (where, input) => {
    const rules = [{ id: 'r', ...where, operator: 'equals', value: 'x' }];
    expect(await run({ rules }, input)).toMatchObject({ route: 'r' });
  });

  it('reads a missing field as nothing', async () => {
    const rules = [{ id: 'none', field: 'a.b.c', operator: 'does_not_exist' }];
    expect(await run({ rules }, { a: 5 })).toMatchObject({ route: 'none' });
    expect(await run({ rules })).toMatchObject({ route: 'none', none: null });
  });

  it('says which pattern cannot be used', async () => {
    const rules = [{ id: 'r', field: '', operator: 'matches_regex', value: '(?=x)' }];
    await expect(run({ rules }, 'x')).rejects.toMatchObject({ code: 'bad_pattern', permanent: true });
  });
});

describe('config', () => {
  it.each([
    [[{ ...big, operator: 'like' }], 'rules.0.operator', 'There is no operator “like”.'],
    [[big, { ...even, id: 'big' }], 'rules.1.id', 'Two rules are called “big”.'],
    [[{ ...big, id: 'route' }], 'rules.0.id', 'A rule cannot be called “route”; that name is taken.'],
    [[{ ...big, id: '__other__' }], 'rules.0.id', 'A rule cannot be called “__other__”; that name is taken.'],
  ])('refuses %j', (rules, path, message) => {
    const issues = definition.config.safeParse({ rules }).error?.issues ?? [];
    expect(issues.map((issue) => [issue.path.join('.'), issue.message])).toEqual([[path, message]]);
  });

  it('has a port per rule, then Otherwise, then the route', () => {
    const ports = definition.ports(definition.config.parse({ rules: [big, even], enable_fallback: true }));
    expect(ports.outputs.map(({ name, label, type, route }) => [name, label, type, route ?? false])).toEqual([
      ['big', 'Rule 1', 'any', true],
      ['even', 'Even more', 'any', true],
      ['__other__', 'Otherwise', 'any', true],
      ['route', 'Route', 'string', false],
    ]);
  });

  it('keeps its ports while the form is half-filled', () => {
    const config = { rules: [{ ...big, operator: 'like' }, { ...even, id: 'big' }, even] };
    const names = definition.ports(readConfig(definition, config)).outputs.map((port) => port.name);
    expect(names).toEqual(['big', 'even', 'route']);
  });
});

it('flow: a reference on the left keeps its type, and the other ways are skipped', async () => {
  const rules = [
    { id: 'large', left: '{{ trigger.order.amount }}', operator: 'gte', value: '{{ trigger.limit }}' },
  ];
  const graph = graphOf(
    {
      start: { type: 'trigger_manual' },
      choose: { type: 'switch', config: { rules, enable_fallback: true } },
      yes: { type: 'set', config: { mode: 'json', json: '{{ choose.large }}' } },
      no: { type: 'set' },
      told: { type: 'set', config: { mode: 'text', text: 'way: {{ choose.route }}' } },
    },
    [
      'start.payload > choose.input',
      'choose.large > yes.input',
      'choose.__other__ > no.input',
      'choose.route > told.input',
    ],
  );
  const payload = { order: { amount: 9 }, limit: 9 };
  const result = await runFlow({
    graph,
    payload,
    definitionOf,
    executors: { set, switch: execute },
    render: renderReferences,
  });
  expect(result).toMatchObject({ status: 'completed', taken: [1, 2, 4], skipped: [3] });
  expect(result.steps['yes']?.outputs).toEqual({ output: payload });
  expect(result.steps['no']?.state).toBe('skipped');
  expect(result.steps['told']?.outputs).toEqual({ output: 'way: large' });
});
