import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operations } from '#server/conformance/listed-operation.ts';
import { openStage, type Stage } from '#server/conformance/test-stage.ts';
import { makeWorld, pathOf, type World } from '#server/conformance/world.ts';
import { curlExample, fetchExample } from './docs-example.ts';
import { examplePath } from './example.ts';
import type { Prepared } from './operation.ts';

const run = promisify(execFile);
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
);

let stage: Stage;
let world: World;
let page: string;
beforeAll(async () => {
  stage = await openStage();
  await stage.server.setUp();
  world = await makeWorld(stage, 'grace');
  const { db } = stage.connection;
  // One who sees the first account’s workflow as well as everything of their own.
  await db.updateTable('users').set({ role: 'admin' }).where('id', '=', world.owner.userId).execute();
  await world.session.ok('versions.publish', { workflow_slug: 'order-triage' });
  page = (await stage.client.send({ method: 'GET', path: '/docs' })).text;
});
afterAll(() => stage.close());

/** What the examples expect to be set: real ids under the names they use. */
function environmentFor(prepared: Prepared): Record<string, string> {
  const ids = Object.entries(examplePath(prepared))
    .filter(([, shown]) => shown.startsWith('$'))
    .map(([key, shown]) => [shown.slice(1), String(pathOf(world, prepared)[key])]);
  return {
    ...Object.fromEntries(ids),
    BASE: `${stage.server.base}/api/v1`,
    KEY: world.owner.key,
    VISIT_TOKEN: world.things.visitToken,
    PATH: process.env.PATH ?? '',
  };
}

const unescaped = (html: string): string =>
  html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** The example as it stands on the page, to be pasted. */
function shownExample({ id }: Prepared): string {
  const article = page.slice(page.indexOf(`<article id="${id}">`));
  return unescaped(/<pre class="curl"[^>]*>([^]*?)<\/pre>/.exec(article)?.[1] ?? '');
}

/** Runs a command line as a shell would. @returns the answer's status. */
async function pasted(prepared: Prepared, command: string): Promise<number> {
  const line = `${command} -s -o /dev/null -w '%{http_code}'`;
  const { stdout } = await run('sh', ['-c', line], {
    env: { ...environmentFor(prepared), NODE_ENV: 'test' },
  });
  return Number(stdout);
}

describe('the examples of the reference', () => {
  test('stand beside every operation, for a shell and for JavaScript', () => {
    for (const prepared of operations) {
      expect(shownExample(prepared), prepared.id).toBe(curlExample(prepared));
      expect(unescaped(page)).toContain(fetchExample(prepared));
    }
  });

  test.runIf(hasCurl)('that read work when they are pasted', async () => {
    const reading = operations.filter(({ operation }) => operation.method === 'get');
    const faults: string[] = [];
    for (const prepared of reading) {
      const status = await pasted(prepared, shownExample(prepared));
      if (status !== prepared.operation.status) faults.push(`${prepared.id}: ${status}`);
    }
    expect(faults).toEqual([]);
  });

  test.runIf(hasCurl)('that write are understood', async () => {
    for (const id of ['workflows.create', 'nodes.update', 'workflows.execute', 'users.createKey']) {
      const prepared = operations.find((one) => one.id === id);
      if (!prepared) throw new Error(`There is no ${id}.`);
      expect(await pasted(prepared, shownExample(prepared)), id).toBe(prepared.operation.status);
    }
  });

  test('for JavaScript run as they are', async () => {
    const { base } = stage.server;
    const answer = await fetch(`${base}/api/v1/workflows/order-triage/`, {
      headers: { authorization: `Bearer ${world.owner.key}` },
    });
    expect(answer.status).toBe(200);
    for (const prepared of operations) {
      const name = /\$\{(\w+)\}/g;
      const known = ['base', 'key', 'gatewayToken', 'visitToken'];
      const used = [...fetchExample(prepared).matchAll(name)].flatMap(([, one]) => one ?? []);
      const wanted = Object.values(examplePath(prepared)).filter((one) => one.startsWith('$'));
      expect(used.filter((one) => !known.includes(one))).toHaveLength(wanted.length);
    }
  });
});

test('every link on the page leads somewhere on it', () => {
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(links.length).toBeGreaterThan(200);
  expect(links.filter((id) => !ids.has(id))).toEqual([]);
});
