import { describe, expect, it } from 'vitest';
import { outputsOf, portsText, refusalsOf } from '#domain/node/step-fixture.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const routes = [{ name: 'chat' }, { name: 'order' }];
const run = (config: Record<string, unknown>, messages: unknown) =>
  outputsOf(definition, execute, { config: { routes, ...config }, inputs: { messages } });

describe('without a model', () => {
  it.each([
    [{}, { route: 'chat' }, 'chat'],
    [{}, 'order', 'order'],
    [{}, ' order\n', 'order'],
    [{ condition_field: 'a.kind' }, { a: { kind: 'chat' } }, 'chat'],
    [{ condition_field: 'state.kind' }, { kind: 'chat' }, 'chat'],
    [{ condition_field: 'input.kind' }, { kind: 'chat' }, 'chat'],
    [{ condition_expression: 'kind' }, { kind: 'order', route: 'chat' }, 'order'],
    [{ condition_expression: "state.kind == 'order'" }, { kind: 'order' }, 'order'],
    [{ condition_expression: 'kind == "order"' }, { kind: 'order' }, 'order'],
    [{ condition_expression: null }, { route: 'chat' }, 'chat'],
  ])('%j with %j goes %s', async (config, input, route) => {
    expect(await run(config, input)).toEqual({ route, [route]: input });
  });

  it('tells the value that is no route, or takes Otherwise', async () => {
    expect(await run({}, { route: 'what' })).toEqual({ route: 'what' });
    expect(await run({ condition_expression: "kind == 'order'" }, { kind: 'chat' })).toEqual({ route: '' });
    expect(await run({ enable_fallback: true }, { route: 'what' })).toEqual({
      route: 'what',
      __other__: { route: 'what' },
    });
    expect(await run({ enable_fallback: true }, {})).toEqual({ route: '__other__', __other__: {} });
  });
});

it('has a port for every route, and refuses names that are taken', () => {
  expect(portsText(definition, { routes, enable_fallback: true })).toEqual([
    ['messages: any', 'model: model', 'output_parser: parser'],
    ['chat: any', 'order: any', '__other__: any', 'route: string'],
  ]);
  expect(refusalsOf(definition, { routes: [{ name: 'route' }, { name: 'a' }, { name: 'A' }] })).toEqual([
    ['routes.0.name', '“route” cannot be a name here; it is taken.'],
    ['routes.2.name', 'Two are called “A”.'],
  ]);
});
