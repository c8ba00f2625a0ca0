import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { may } from '#domain/access/permission.ts';
import type { Prepared } from '#server/http/operation.ts';
import { TestClient } from '#server/socket/test-client.ts';
import { type Input, type Reply, restCall } from './client.ts';
import { differences, dumpTables } from './dump.ts';
import { operations } from './listed-operation.ts';
import { addPerson } from './person.ts';
import { foreignReferences } from './reference.ts';
import { inParallel, openStage, type Stage } from './test-stage.ts';
import { ABSENT, makeWorld, pathOf, validInput, type World } from './world.ts';

let stage: Stage;
let ada: World;
let bob: World;
beforeAll(async () => {
  stage = await openStage();
  [ada, bob] = await Promise.all([makeWorld(stage, 'ada'), makeWorld(stage, 'bob')]);
});
afterAll(() => stage.close());

const askAsBob = (prepared: Prepared, input: Input): Promise<Reply> =>
  stage.client.send({ ...restCall(prepared, input), key: bob.owner.key });

/** What a user in an environment of their own may do; the rest is refused for its role in access.test.ts. */
const owner = { role: 'normal', memberRole: 'owner' } as const;
const forOwners = operations.filter(
  ({ operation: { access } }) =>
    access !== 'public' && access !== 'visitor' && access !== 'gateway' && may(owner, access),
);

/** Everybody has the key they look with, and a folder to start with. */
const OWN = new Set(['models.prices', 'sessions.list', 'sandboxes.list']);

async function expectUntouched(act: () => Promise<void>): Promise<void> {
  const before = await dumpTables(stage.connection.pool);
  await act();
  expect(differences(before, await dumpTables(stage.connection.pool))).toEqual([]);
}

/** The ways to put another's ids in a path: all of them, and the last ones below one's own. */
function mixtures({ pathKeys }: Prepared): { keys: readonly string[]; below: readonly string[] }[] {
  const keys = [...pathKeys];
  return keys.map((_key, at) => ({ below: keys.slice(0, at), keys: keys.slice(at) }));
}

describe('what belongs to somebody else', () => {
  const addressed = forOwners.filter(({ pathKeys }) => pathKeys.size > 0);

  test('is as absent as what never was, on every route and below one’s own', async () => {
    expect(addressed.length).toBeGreaterThan(30);
    await expectUntouched(() =>
      inParallel(addressed, async (prepared) => {
        for (const { keys, below } of mixtures(prepared)) {
          const own = validInput(prepared, bob);
          const pick = (from: Input) => Object.fromEntries(keys.map((key) => [key, from[key]]));
          // A node or an edge is named within its workflow: below one's own, the other's name is one's own.
          if (
            below.length > 0 &&
            keys.every((key) => pathOf(ada, prepared)[key] === pathOf(bob, prepared)[key])
          )
            continue;
          const foreign = await askAsBob(prepared, { ...own, ...pick(pathOf(ada, prepared)) });
          const absent = await askAsBob(prepared, { ...own, ...pick(ABSENT) });
          const where = `${prepared.id} with ${keys.join(', ')}`;
          expect(`${absent.status} ${absent.text}`, where).toMatch(/^404 /);
          expect(`${foreign.status} ${foreign.text}`, where).toBe(`${absent.status} ${absent.text}`);
        }
      }),
    );
  });

  test('is refused inside a body like what never was', async () => {
    const references = foreignReferences(ada);
    expect(references.length).toBeGreaterThan(3);
    await expectUntouched(async () => {
      for (const { id, foreign, absent, mask } of references) {
        const prepared = operations.find((one) => one.id === id);
        if (!prepared) continue;
        const own = validInput(prepared, bob);
        const masked = ({ status, text }: Reply): string =>
          mask
            .filter((one) => one.length > 3)
            .reduce(
              (shown, one) => shown.replaceAll(one, '…'),
              `${status} ${text}`.replaceAll(/,"input":("[^"]*"|\d+)/g, ''),
            );
        const [got, wanted] = [
          masked(await askAsBob(prepared, { ...own, ...foreign })),
          masked(await askAsBob(prepared, { ...own, ...absent })),
        ];
        expect(wanted, id).toMatch(/^4\d\d /);
        expect(got, id).toBe(wanted);
      }
    });
  });

  test('survives being named in a batch to delete', async () => {
    const batches = forOwners.filter(({ id, takesBody }) => takesBody && /\.(batchD|d)elete\w*$/.test(id));
    expect(batches.length).toBeGreaterThan(2);
    await expectUntouched(async () => {
      for (const prepared of batches) {
        const lists = Object.keys(prepared.operation.input.shape);
        const own = Object.values(bob.path);
        const everything = [...Object.values(ada.path), ...ada.things.ids, ada.flow.waiting].filter(
          (id) => !own.includes(id),
        );
        for (const kind of ['string', 'number']) {
          const ids = everything.filter((id) => typeof id === kind);
          const reply = await askAsBob(prepared, Object.fromEntries(lists.map((key) => [key, ids])));
          expect([204, 422], `${prepared.id}: ${reply.text}`).toContain(reply.status);
        }
      }
    });
  });

  test('is in no list, count or search', async () => {
    const stranger = await makeStranger();
    const reading = forOwners.filter(
      ({ operation, pathKeys }) => operation.method === 'get' && pathKeys.size === 0,
    );
    for (const prepared of reading) {
      const text = 'q' in prepared.operation.input.shape ? { q: ada.canary } : {};
      for (const input of [{}, text]) {
        const call = { ...restCall(prepared, input), key: stranger };
        const reply = await stage.client.send(call);
        expect(reply.status, prepared.id).toBe(prepared.operation.status);
        expect(reply.text, prepared.id).not.toContain(ada.canary);
        expect(reply.text, prepared.id).not.toContain(ada.flow.completed);
        const { total } = reply.body as { total?: number };

        if (total !== undefined && !OWN.has(prepared.id))
          expect({ id: prepared.id, total }).toEqual({ id: prepared.id, total: 0 });
      }
      const filters = Object.keys(prepared.operation.input.shape).filter((key) => key in ada.path);
      for (const key of filters) {
        const call = { ...restCall(prepared, { [key]: ada.path[key] }), key: stranger };
        expect(await stage.client.send(call), prepared.id).toMatchObject({ body: { items: [], total: 0 } });
      }
    }
  });
});

/** Somebody with nothing at all. */
async function makeStranger(): Promise<string> {
  return (await addPerson(stage.connection, 'stranger')).key;
}

test('a socket is let into nothing of somebody else', async () => {
  const client = await TestClient.open(stage.server.running.port, bob.owner.key);
  for (const [kind, foreign, absent] of [
    ['workflow', ada.flow.slug, ABSENT.workflow_slug],
    ['execution', ada.flow.waiting, ABSENT.execution_id],
    ['execution', ada.flow.completed, ABSENT.execution_id],
    ['epic', ada.path.epic_id ?? 'ep-000000000001', ABSENT.epic_id],
  ] as const) {
    const answers: unknown[] = [];
    for (const id of [foreign, absent]) {
      const { channel, timestamp: _, ...answer } = await client.subscribe(`${kind}:${String(id)}`, 0);
      answers.push({ ...answer, channel: String(channel).replace(String(id), 'ID') });
    }
    expect(answers[0], kind).toEqual(answers[1]);
    expect(answers[0], kind).toMatchObject({ type: 'error', code: 'forbidden' });
  }
  await ada.session.ok('workflows.update', { workflow_slug: ada.flow.slug, description: ada.canary });
  await ada.session.ok('executions.cancel', { execution_id: ada.flow.waiting });
  // What comes after it on the same connection shows that nothing came before.
  await client.subscribe(`workflow:${bob.flow.slug}`);
  await bob.session.ok('workflows.update', { workflow_slug: bob.flow.slug, description: bob.canary });
  await client.until((message) => message.type === 'workflow_updated');
  expect(JSON.stringify(client.messages)).not.toContain(`"${ada.canary}"`);
  client.socket.close();
  await client.closed;
});
