import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MEMBER_ROLES, type MemberRole, may, type Permission, refusal } from '#domain/access/permission.ts';
import type { Prepared } from '#server/http/operation.ts';
import { type Call, type Reply, restCall } from './client.ts';
import { operations } from './listed-operation.ts';
import { addKey, addPerson, type Person, setMember } from './person.ts';
import { inParallel, openStage, type Stage } from './test-stage.ts';
import { ABSENT } from './world.ts';

let stage: Stage;
let gone: Person;
/** Members of one environment, by role; `none` was taken out of it. */
const people = new Map<MemberRole | 'none' | 'administrator', { userId: number; environmentId: number }>();

beforeAll(async () => {
  stage = await openStage();
  const { environmentId } = await addPerson(stage.connection, 'host');
  for (const role of MEMBER_ROLES) people.set(role, await member(role, environmentId));
  people.set('none', await member(null, environmentId));
  people.set('administrator', stage.admin);
  gone = await addPerson(stage.connection, 'gone');
  await stage.connection.db
    .updateTable('users')
    .set({ disabled_at: new Date() })
    .where('id', '=', gone.userId)
    .execute();
});
afterAll(() => stage.close());

async function member(role: MemberRole | null, environmentId: number) {
  const { userId } = await addPerson(stage.connection, `the-${role ?? 'former'}`);
  await setMember(stage.connection, { userId, environmentId }, role);
  return { userId, environmentId };
}

/** Leads nowhere and changes nothing, even for those who may: what it names is absent and its body is no object. */
function harmless(prepared: Prepared): Call {
  const { method, path } = restCall({ ...prepared, takesBody: false }, absentPath(prepared));
  return prepared.takesBody ? { method, path, body: [] } : { method, path };
}
const absentPath = ({ pathKeys }: Prepared) =>
  Object.fromEntries([...pathKeys].map((key) => [key, ABSENT[key]]));

const needOf = ({ operation }: Prepared): Permission | null =>
  operation.access === 'public' || operation.access === 'visitor' || operation.access === 'gateway'
    ? null
    : operation.access;
const guarded = operations.filter((one) => needOf(one) !== null);
const open = operations.filter(({ operation }) => operation.access === 'public');

function expectRefused(reply: Reply, status: number, detail: string, id: string): void {
  const code = status === 401 ? 'unauthenticated' : 'forbidden';
  expect({ id, status: reply.status, body: reply.body }).toEqual({ id, status, body: { detail, code } });
  expect(reply.headers['www-authenticate'], id).toBe(status === 401 ? 'Bearer' : undefined);
}

describe('without a good key', () => {
  const cases: [string, () => Promise<string | undefined>, string][] = [
    ['nothing', async () => undefined, 'Not authenticated'],
    ['another scheme', async () => 'Basic YTpi', 'Not authenticated'],
    ['a scheme alone', async () => 'Bearer', 'Not authenticated'],
    ['an unknown key', async () => `Bearer ${'x'.repeat(43)}`, 'Invalid or missing API key.'],
    [
      'a revoked key',
      async () =>
        `Bearer ${await addKey(stage.connection, { userId: stage.admin.userId, state: 'revoked' })}`,
      'API key has been revoked.',
    ],
    [
      'an expired key',
      async () =>
        `Bearer ${await addKey(stage.connection, { userId: stage.admin.userId, state: 'expired' })}`,
      'API key has expired.',
    ],
    ['the key of a blocked user', async () => `Bearer ${gone.key}`, 'User not found.'],
  ];
  test.each(cases)('%s opens nothing', async (_name, header, detail) => {
    const authorization = await header();
    const headers = authorization === undefined ? {} : { authorization };
    await inParallel(guarded, async (prepared) => {
      expectRefused(await stage.client.send({ ...harmless(prepared), headers }), 401, detail, prepared.id);
    });
    await inParallel(open, async (prepared) => {
      const { status } = await stage.client.send({ ...harmless(prepared), headers });
      expect(status, prepared.id).not.toBe(401);
    });
  });

  test('the gateway’s operations open to the gateway’s token only', async () => {
    const entrances = operations.filter(({ operation }) => operation.access === 'gateway');
    for (const prepared of entrances) {
      for (const key of [null, 'x'.repeat(26), stage.admin.key]) {
        const reply = await stage.client.send({ ...harmless(prepared), key });
        expectRefused(reply, 401, 'Invalid gateway token', prepared.id);
      }
    }
  });
});

describe('with the role', () => {
  test.each(['none', ...MEMBER_ROLES, 'administrator'] as const)('%s', async (name) => {
    const person = people.get(name);
    if (!person) throw new Error(`Nobody is ${name}.`);
    const standing = {
      role: name === 'administrator' ? 'admin' : 'normal',
      memberRole: name === 'none' || name === 'administrator' ? null : name,
    } as const;
    const ask = async (prepared: Prepared, key: string): Promise<void> => {
      const need = needOf(prepared);
      if (need === null) return;
      const reply = await stage.client.send({ ...harmless(prepared), key });
      if (!may(standing, need)) return expectRefused(reply, 403, refusal(need), prepared.id);
      expect(reply.status, `${prepared.id}: ${reply.text}`).toBeLessThan(500);
      expect(reply.status, prepared.id).not.toBe(401);
      expect(reply.text, prepared.id).not.toContain(refusal(need));
    };
    const key = await addKey(stage.connection, person);
    const [done, harmlessOnes] = [guarded.filter(isDone), guarded.filter((one) => !isDone(one))];
    await inParallel(harmlessOnes, (prepared) => ask(prepared, key));
    for (const prepared of done) await ask(prepared, await addKey(stage.connection, person));
  });
});

/** Without anything to say wrongly, it is really done, and may end the keys of whoever calls. */
const isDone = ({ takesBody, operation }: Prepared): boolean => !takesBody && operation.method !== 'get';

describe('over tRPC', () => {
  /** The outcome of every operation, with an input that none of them takes. */
  async function outcomes(key: string | null): Promise<Map<string, { status: number; detail: unknown }>> {
    const found = new Map<string, { status: number; detail: unknown }>();
    for (const isQuery of [true, false]) {
      const some = operations.filter(({ operation }) => (operation.method === 'get') === isQuery);
      for (let at = 0; at < some.length; at += 20) {
        const part = some.slice(at, at + 20);
        const names = part.map(({ id }) => id).join(',');
        const input = JSON.stringify(Object.fromEntries(part.map((_one, index) => [index, []])));
        const reply = await stage.client.send({
          method: isQuery ? 'GET' : 'POST',
          path: `/trpc/${names}?batch=1${isQuery ? `&input=${encodeURIComponent(input)}` : ''}`,
          key,
          ...(!isQuery && { body: input }),
        });
        const answers = reply.body as readonly { error: { data: { httpStatus: number; detail: unknown } } }[];
        for (const [index, { id }] of part.entries()) {
          const data = answers[index]?.error.data;
          found.set(id, { status: data?.httpStatus ?? 0, detail: data?.detail });
        }
      }
    }
    return found;
  }

  test('nothing opens without a key', async () => {
    const found = await outcomes(null);
    for (const { id, operation } of operations) {
      const wanted =
        operation.access === 'public' || operation.access === 'visitor'
          ? { status: 422 }
          : {
              status: 401,
              detail: operation.access === 'gateway' ? 'Invalid gateway token' : 'Not authenticated',
            };
      expect({ id, ...found.get(id) }).toMatchObject({ id, ...wanted });
    }
  });

  test.each(['none', ...MEMBER_ROLES, 'administrator'] as const)(
    'the role %s opens the same',
    async (name) => {
      const person = people.get(name);
      if (!person) throw new Error(`Nobody is ${name}.`);
      const standing = {
        role: name === 'administrator' ? 'admin' : 'normal',
        memberRole: name === 'none' || name === 'administrator' ? null : name,
      } as const;
      const found = await outcomes(await addKey(stage.connection, person));
      for (const prepared of guarded) {
        const need = needOf(prepared);
        if (need === null) continue;
        const wanted = may(standing, need) ? { status: 422 } : { status: 403, detail: refusal(need) };
        expect({ id: prepared.id, ...found.get(prepared.id) }).toMatchObject({ id: prepared.id, ...wanted });
      }
    },
  );
});
