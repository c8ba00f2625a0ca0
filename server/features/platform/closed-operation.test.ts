import { expect, test } from 'vitest';
import { z } from 'zod';
import { contract } from '#contract/contract.ts';
import type { Operation } from '#contract/operation.ts';
import { CLOSED_OPERATIONS, isClosed, MASK, withoutSecrets } from './closed-operation.ts';

const operations = Object.entries(
  contract as Readonly<Record<string, Readonly<Record<string, Operation>>>>,
).flatMap(([area, list]) =>
  Object.entries(list).map(([key, operation]) => ({ id: `${area}.${key}`, operation })),
);

/** Names under which answers carry what opens doors. */
const SECRET = /^(key|secret|token|password|ticket|recovery_codes|provisioning_uri|api_key|code|visitor)$/;

const keysOf = ({ output }: Operation): string[] => {
  const schema = z.toJSONSchema(output, { io: 'input', unrepresentable: 'any' }) as {
    readonly properties?: Readonly<Record<string, unknown>>;
  };
  return Object.keys(schema.properties ?? {});
};

test('whatever an operation answers that opens doors is closed to runs, or masked', () => {
  const open = operations.filter(({ id, operation }) => {
    if (isClosed(id) || operation.access === 'public' || operation.access === 'gateway') return false;
    const secret = keysOf(operation).filter((key) => SECRET.test(key));
    const body = Object.fromEntries(secret.map((key) => [key, 'canary']));
    return JSON.stringify(withoutSecrets(id, body)).includes('canary');
  });
  expect(open.map(({ id }) => id)).toEqual([]);
});

test('nothing that asks a model outside of a run and its budgets is open to runs', () => {
  const asking = ['workflows.propose', 'memorySearch.set', 'memorySearch.test', 'memorySearch.rebuild'];
  expect(asking.filter((id) => !isClosed(id))).toEqual([]);
});

test('the list of what is closed names operations that exist', () => {
  const ids = operations.map(({ id }) => id);
  expect(CLOSED_OPERATIONS.filter((id) => !ids.includes(id))).toEqual([]);
  const closed = operations.filter(({ id }) => isClosed(id)).map(({ id }) => id);
  expect(closed).toEqual(
    expect.arrayContaining([
      'users.createKey',
      'users.update',
      'credentials.update',
      'approvals.resume',
      'settings.get',
      'budgets.put',
    ]),
  );
  expect(withoutSecrets('agents.create', { username: 'a', key: 'k' })).toEqual({ username: 'a', key: MASK });
});
