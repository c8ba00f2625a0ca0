import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Prepared } from '#server/http/operation.ts';
import { inputSchema, type Schema } from '#server/http/sample-value.ts';
import { type Call, type Input, type Reply, restCall } from './client.ts';
import { differences, dumpTables } from './dump.ts';
import { operations } from './listed-operation.ts';
import { inParallel, openStage, type Stage } from './test-stage.ts';
import { keyOf, makeWorld, validInput, type World } from './world.ts';
import { wrongValues } from './wrong-value.ts';

let stage: Stage;
let world: World;
beforeAll(async () => {
  stage = await openStage();
  world = await makeWorld(stage, 'ada');
  // One who may everything, so that every fault is the input’s.
  await stage.connection.db
    .updateTable('users')
    .set({ role: 'admin' })
    .where('id', '=', world.owner.userId)
    .execute();
});
afterAll(() => stage.close());

const send = (prepared: Prepared, call: Call): Promise<Reply> =>
  stage.client.send({ ...call, key: keyOf(world, prepared) });

interface Fault {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}
const faultsOf = ({ body }: Reply): readonly Fault[] => {
  const { detail } = body as { detail?: unknown };
  return Array.isArray(detail) ? (detail as Fault[]) : [];
};

interface Case {
  readonly prepared: Prepared;
  readonly field: string;
  readonly what: string;
  readonly input: Input;
  readonly where: 'path' | 'query' | 'body';
  /** The schema refuses it. */
  readonly isWrong: boolean;
}

/** Every field of the operation with every value that may be wrong there, in an input that is good otherwise. */
function casesOf(prepared: Prepared): Case[] {
  const { operation, pathKeys, takesBody } = prepared;
  const schema = inputSchema(operation.input);
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const good = validInput(prepared, world);
  return Object.entries(properties).flatMap(([field, property]) => {
    const where = pathKeys.has(field) ? 'path' : takesBody ? 'body' : 'query';
    const missing = { what: 'nothing', value: undefined };
    return [...wrongValues(property, schema), ...(where === 'path' ? [] : [missing])]
      .filter(({ value }) => where === 'body' || fitsAddress(value, where))
      .map(({ what, value }) => {
        const input: Record<string, unknown> = { ...good, [field]: where === 'body' ? value : String(value) };
        if (value === undefined) delete input[field];
        return { prepared, field, what, input, where, isWrong: isRefused(prepared, input) };
      });
  });
}

/** An address holds text only, no empty path segment, and at most 16 KiB. */
function fitsAddress(value: unknown, where: 'path' | 'query'): boolean {
  if (value === undefined) return true;
  if (typeof value === 'object' || (typeof value === 'string' && !value.isWellFormed())) return false;
  const text = String(value);
  return encodeURIComponent(text).length < 8000 && (where === 'query' || !/^\.{0,2}$/.test(text));
}

/** Whether the schema refuses it, or it holds text that no field may hold. */
function isRefused({ operation, lenient }: Prepared, input: Input): boolean {
  const text = JSON.stringify(input);
  return /\\u0000|\\ud800/.test(text) || !operation.input.safeParse(lenient(input)).success;
}

/** Fields that mean the same wherever they stand are tried on a few operations only: paging, search and ids in paths. */
const SHARED = /^(limit|offset|q|sort)$/;
const OFTEN = 3;

function cases(): Case[] {
  const times = new Map<string, Set<string>>();
  return operations.flatMap(casesOf).filter(({ prepared, field, where }) => {
    if (where !== 'path' && !(where === 'query' && SHARED.test(field))) return true;
    const key = `${where} ${field}`;
    const users = times.get(key) ?? new Set();
    times.set(key, users);
    if (users.size < OFTEN) users.add(prepared.id);
    return users.has(prepared.id);
  });
}

/** Values that the schemas may allow and that mean something to a database, a date or a page. */
const TELLING = /^(null|an empty text|more than|a far date|what means|an object|a huge|a long text)/;

describe('every field of every operation', () => {
  test('with every wrong value is refused by name, and nothing changes', async () => {
    const wrong = cases().filter(({ isWrong }) => isWrong);
    expect(wrong.length).toBeGreaterThan(1000);
    const before = await dumpTables(stage.connection.pool);
    const faults: string[] = [];
    await inParallel(wrong, async ({ prepared, field, what, input, where }) => {
      const reply = await send(prepared, restCall(prepared, input));
      const named = faultsOf(reply).some(
        ({ loc, msg }) => loc[0] === where && loc[1] === field && msg !== '',
      );
      // A number that is no number names nothing: there is no such row, and 404 says so as well.
      if (reply.status !== 422 || !named) {
        faults.push(`${prepared.id}.${field} = ${what}: ${reply.status} ${reply.text.slice(0, 200)}`);
      }
    });
    expect(faults).toEqual([]);
    expect(differences(before, await dumpTables(stage.connection.pool))).toEqual([]);
  }, 120_000);
});

describe('a request as a whole', () => {
  const taking = operations.filter(({ takesBody }) => takesBody);
  const deep = `${'[{"a":'.repeat(40)}1${'}]'.repeat(40)}`;
  const bodies: [string, Partial<Call>, number, string][] = [
    ['no JSON', { body: '{"a":' }, 422, 'json_invalid'],
    ['words', { body: 'hello' }, 422, 'json_invalid'],
    ['a list', { body: '[]' }, 422, 'object_type'],
    ['a number', { body: '7' }, 422, 'object_type'],
    ['null', { body: 'null' }, 422, 'object_type'],
    [
      'bytes that are no UTF-8',
      { body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) },
      422,
      'json_invalid',
    ],
    ['81 levels', { body: `{"a":${deep}}` }, 422, 'too_deep'],
    ['too many items', { body: `{"a":[${'1,'.repeat(100_001)}1]}` }, 422, 'too_many_members'],
    ['a key twice', { body: '{"a":1,"a":2}' }, 422, 'duplicate_key'],
    ['__proto__', { body: '{"__proto__":{"polluted":true}}' }, 422, 'forbidden_key'],
    ['__proto__ inside', { body: '{"x":[{"__proto__":{}}]}' }, 422, 'forbidden_key'],
    ['constructor', { body: '{"constructor":{"prototype":{}}}' }, 422, 'forbidden_key'],
    ['NUL in an unknown field', { body: '{"x":"\\u0000"}' }, 422, 'string_unsafe'],
    ['a lone surrogate in a key', { body: '{"\\udc00":1}' }, 422, 'string_unsafe'],
  ];
  test.each(bodies)('of %s is refused everywhere, and nothing changes', async (_what, call, status, type) => {
    const before = await dumpTables(stage.connection.pool);
    await inParallel(taking, async (prepared) => {
      const reply = await send(prepared, { ...restCall(prepared, validInput(prepared, world)), ...call });
      expect(`${reply.status} ${reply.text}`, prepared.id).toMatch(
        new RegExp(`^${status} .*"type":"${type}"`),
      );
      expect(faultsOf(reply)[0]?.loc[0], prepared.id).toBe('body');
    });
    expect(differences(before, await dumpTables(stage.connection.pool))).toEqual([]);
  });

  test('of another type is 415, too large 413', async () => {
    const before = await dumpTables(stage.connection.pool);
    await inParallel(taking, async (prepared) => {
      const call = restCall(prepared, validInput(prepared, world));
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
      ]) {
        const reply = await send(prepared, { ...call, headers: { 'content-type': type } });
        expect(reply.status, `${prepared.id} ${type}`).toBe(415);
        expect(reply.body).toMatchObject({ code: 'unsupported_media' });
      }
    });
    for (const prepared of taking) {
      const call = restCall(prepared, validInput(prepared, world));
      const most = prepared.operation.maxBodyBytes ?? 1024 * 1024;
      const reply = await send(prepared, { ...call, body: Buffer.alloc(most + 1, 0x20) });
      expect(reply, prepared.id).toMatchObject({ status: 413, body: { code: 'too_large' } });
    }
    expect(differences(before, await dumpTables(stage.connection.pool))).toEqual([]);
  });

  test('with another method is 405 and says which there are', async () => {
    const byPath = Map.groupBy(operations, ({ operation }) => operation.path);
    for (const [path, list] of byPath) {
      const [first] = list;
      if (!first) continue;
      const shown = list.map(({ operation }) => operation.method.toUpperCase());
      // What another operation with a placeholder in this place answers is that one’s.
      const missing = ['PUT', 'PATCH', 'DELETE'].find((method) => !everyMethod(path).has(method));
      if (missing === undefined) continue;
      const { path: address } = restCall(first, validInput(first, world));
      for (const form of [address, address.replace(/\/(?=$|\?)/, '')]) {
        const reply = await stage.client.send({ method: missing, path: form, key: world.owner.key });
        expect(reply, `${missing} ${form}`).toMatchObject({
          status: 405,
          body: { detail: 'Method Not Allowed', code: 'method_not_allowed' },
        });
        for (const method of shown) expect(reply.headers.allow?.split(', '), form).toContain(method);
      }
    }
  });

  test('to a path with more slashes, dots or broken escapes finds nothing', async () => {
    for (const path of [
      '/api/v1//workflows/',
      '/api/v1/workflows//',
      '/api//v1/workflows/',
      '/api/v1/workflows/%2e%2e/%2e%2e/',
      '/api/v1/workflows/%zz/',
      '/api/v1/workflows/%c0%af/',
      '/api/v1/nothing/',
      '/api/v2/workflows/',
      '/api/',
    ]) {
      const reply = await stage.client.send({ method: 'GET', path, key: world.owner.key });
      expect([404, 422], `${path}: ${reply.text.slice(0, 200)}`).toContain(reply.status);
      expect(reply.body, path).toHaveProperty('detail');
    }
  });
});

/** The methods of every operation whose path has this form, placeholders taken for anything. */
function everyMethod(path: string): Set<string> {
  const fits = operations.filter(({ operation }) =>
    new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  return new Set(fits.map(({ operation }) => operation.method.toUpperCase()));
}

describe('last, with every strange value that the schemas allow', () => {
  test('there is no answer of 500', async () => {
    const allowed = cases().filter(({ isWrong, what }) => !isWrong && TELLING.test(what));
    expect(allowed.length).toBeGreaterThan(500);
    const faults: string[] = [];
    await inParallel(allowed, async ({ prepared, field, what, input }) => {
      // Whoever signs out or changes the password cannot call the rest.
      if (['auth.logout', 'users.updateMe', 'users.update', 'users.disable'].includes(prepared.id)) return;
      const reply = await send(prepared, restCall(prepared, input));
      if (reply.status >= 500 && ![502, 503].includes(reply.status)) {
        faults.push(`${prepared.id}.${field} = ${what}: ${reply.status} ${reply.text.slice(0, 200)}`);
      }
    });
    expect(faults).toEqual([]);
  }, 120_000);
});
