import { expect, test } from 'vitest';
import { contract } from '#contract/contract.ts';
import type { Handlers } from '#server/http/operation.ts';
import { prepare } from '#server/http/operation.ts';
import { createRouter } from './route.ts';

const handlers = Object.fromEntries(
  Object.entries(contract).map(([area, list]) => [
    area,
    Object.fromEntries(Object.keys(list).map((key) => [key, () => Promise.resolve(null)])),
  ]),
) as Handlers;
const route = createRouter(prepare(contract, handlers));

test.each([
  ['GET', '/workflows/', undefined, 'workflows.list', {}],
  ['get', '/api/v1/workflows?limit=5&q=a%20b', undefined, 'workflows.list', { limit: '5', q: 'a b' }],
  ['GET', '/workflows/node-types/', undefined, 'workflows.nodeTypes', {}],
  ['GET', '/workflows/my%20flow/', undefined, 'workflows.get', { workflow_slug: 'my flow' }],
  ['GET', '/users/agents/', undefined, 'agents.list', {}],
  ['DELETE', '/users/agents/7', undefined, 'agents.delete', { user_id: '7' }],
  ['PATCH', '/workflows/a/', { name: 'B' }, 'workflows.update', { workflow_slug: 'a', name: 'B' }],
  ['PATCH', '/workflows/a/', '{"name":"B"}', 'workflows.update', { workflow_slug: 'a', name: 'B' }],
  ['PATCH', '/workflows/a/', { workflow_slug: 'b' }, 'workflows.update', { workflow_slug: 'a' }],
])('%s %s', (method, path, body, id, input) => {
  const routed = route({ method, path, ...(body !== undefined && { body }) });
  expect([routed.prepared.id, routed.input]).toEqual([id, input]);
});

test.each([
  ['GET', '/nowhere', undefined, 'not_found'],
  ['GET', 'http://elsewhere.example/nowhere', undefined, 'not_found'],
  ['PUT', '/workflows/', undefined, 'method_not_allowed'],
  ['POST', '/workflows/', 'no json', 'invalid'],
  ['POST', '/workflows/', [1], 'invalid'],
  ['POST', '/workflows/', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`, 'invalid'],
  ['GET', '/workflows/%E0%A4%A/', undefined, 'not_found'],
  ['POST', '/workflows/', '{"__proto__":{"a":1}}', 'invalid'],
  ['POST', '/workflows/', { name: 'x'.repeat(600_000), description: 'x'.repeat(600_000) }, 'too_large'],
])('refuses %s %s', (method, path, body, code) => {
  expect(() => route({ method, path, ...(body !== undefined && { body }) })).toThrow(
    expect.objectContaining({ code }),
  );
});

test('finds operations by name, and only those there are', () => {
  expect(route({ operation: 'workflows.list', input: { q: 'a' } }).prepared.id).toBe('workflows.list');
  for (const operation of ['nope', 'workflows', 'toString', 'workflows.constructor']) {
    expect(() => route({ operation, input: {} })).toThrow(expect.objectContaining({ code: 'not_found' }));
  }
});
