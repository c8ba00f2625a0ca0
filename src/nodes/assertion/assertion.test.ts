import { describe, expect, it } from 'vitest';
import { outputsOf, portsText, refusalsOf } from '#domain/node/step-fixture.ts';
import { graphOf, renderReferences } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = (rules: unknown[], input?: unknown) =>
  outputsOf(definition, execute, { config: { rules }, inputs: { input } });

describe('checking', () => {
  it('passes the input on when every check holds', async () => {
    const input = { status: 200, body: { items: [1] } };
    const rules = [
      { label: 'answered', field: 'status', operator: 'equals', value: 200 },
      { field: 'body.items', operator: 'is_not_empty' },
    ];
    expect(await run(rules, input)).toEqual({
      pass: input,
      route: 'pass',
      output: {
        passed: true,
        results: [
          { check: 'answered', passed: true, actual: 200, expected: 200 },
          { check: 'body.items is not empty', passed: true, actual: [1], expected: null },
        ],
      },
    });
  });

  it('tells every check that does not hold', async () => {
    const rules = [
      { field: 'a', operator: 'gt', value: 5 },
      { field: 'state.a', operator: 'equals', value: 1 },
      { left: 'x', operator: 'equals', value: 'y' },
      { field: '', operator: 'is_empty' },
    ];
    expect(await run(rules, { a: 1 })).toEqual({
      fail: { a: 1 },
      route: 'fail',
      output: {
        passed: false,
        results: [
          { check: 'a gt 5', passed: false, actual: 1, expected: 5 },
          { check: 'state.a equals 1', passed: true, actual: 1, expected: 1 },
          { check: 'value equals y', passed: false, actual: 'x', expected: 'y' },
          { check: 'input is empty', passed: false, actual: { a: 1 }, expected: null },
        ],
      },
    });
  });

  it('passes without checks, and with nothing as its input', async () => {
    expect(await run([])).toEqual({ pass: null, route: 'pass', output: { passed: true, results: [] } });
    expect(await run([{ field: 'a.b', operator: 'does_not_exist' }])).toMatchObject({ route: 'pass' });
  });

  it('fails the step for a pattern it cannot use', async () => {
    const rules = [{ field: '', operator: 'matches_regex', value: '(' }];
    await expect(run(rules, 'x')).rejects.toMatchObject({ code: 'bad_pattern', permanent: true });
  });
});

it('refuses an operator that does not exist', () => {
  expect(refusalsOf(definition, { rules: [{ operator: 'like' }] })).toEqual([
    ['rules.0.operator', 'There is no operator “like”.'],
  ]);
});

it('has two ways out beside its result', () => {
  expect(portsText(definition)).toEqual([
    ['input: any'],
    ['pass: any', 'fail: any', 'output: object', 'route: string'],
  ]);
  const { outputs } = definition.ports(definition.config.parse({}));
  expect(outputs.filter((port) => port.route).map((port) => port.name)).toEqual(['pass', 'fail']);
});

it.each([
  [{ amount: 5 }, 'good', 'bad'],
  [{ amount: 0 }, 'bad', 'good'],
])('flow: %j goes the way “%s” and skips the other', async (payload, taken, skipped) => {
  const graph = graphOf(
    {
      start: { type: 'trigger_manual' },
      check: { type: 'assertion', config: { rules: [{ field: 'amount', operator: 'gt', value: 0 }] } },
      good: { type: 'set', config: { mode: 'json', json: '{{ check.pass }}' } },
      bad: { type: 'set', config: { mode: 'json', json: '{{ check.output.results }}' } },
      told: { type: 'set', config: { mode: 'text', text: '{{ check.route }}' } },
    },
    [
      'start.payload > check.input',
      'check.pass > good.input',
      'check.fail > bad.input',
      'check.route > told.input',
    ],
  );
  const executors = { assertion: execute, set };
  const result = await runFlow({ graph, payload, definitionOf, executors, render: renderReferences });
  expect(result.status).toBe('completed');
  expect(result.steps[taken]?.state).toBe('success');
  expect(result.steps[skipped]?.state).toBe('skipped');
  expect(result.steps['told']?.outputs).toEqual({ output: taken === 'good' ? 'pass' : 'fail' });
});
