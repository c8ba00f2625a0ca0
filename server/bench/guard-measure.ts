import { Agent } from 'node:http';
import pg from 'pg';
import { send } from './load.ts';
import { bringIn, format, type Row, type Stage } from './measure.ts';
import { chain } from './workflow-fixture.ts';

type Headers = Readonly<Record<string, string>>;

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** Milliseconds of `count` calls, one after the other, in ascending order. */
async function times(url: string, headers: Headers, count: number, warmUp = 10): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const taken: number[] = [];
  for (let n = -warmUp; n < count; n += 1) {
    const began = performance.now();
    const answer = await send(agent, { url, method: 'GET', headers });
    if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${answer.body}`);
    if (n >= 0) taken.push(performance.now() - began);
  }
  agent.destroy();
  return taken.toSorted((a, b) => a - b);
}

/** Pages of 50 of the execution list over so many runs: of an administrator, who sees all, and of an ordinary user. */
export async function listFigures(stage: Stage, databaseUrl: string, stored: number): Promise<Row[]> {
  const { client, instance } = stage;
  const slug = await bringIn(client, 'Bench pages', chain(2));
  const user = await addUser(stage);
  await seed(databaseUrl, slug, stored);
  const rows: Row[] = [];
  const people = [
    ['admin', client.headers, slug],
    ['user', user.headers, user.slug],
  ] as const;
  for (const [who, headers, ownSlug] of people) {
    for (const filter of ['', '&status=failed', '&status=completed', `&workflow_slug=${ownSlug}`]) {
      const url = (offset: number) =>
        `${instance.base}/api/v1/executions/?limit=50&offset=${offset}${filter}`;
      const total = await totalOf(url(0), headers);
      const places = [0, Math.floor(total / 2), Math.max(0, total - 50)];
      const p95: number[] = [];
      for (const offset of places) p95.push(at(await times(url(offset), headers, 150), 0.95));
      const [first = 0, middle = 0, last = 0] = p95;
      rows.push({
        what: `list p95, ${who}${filter.replace(/&(\w+)=.*?(\w+)$/, ' by $1 $2').replace('workflow_slug', 'workflow')}, ${total}`,
        value: `first ${format(first, 'ms')}, middle ${format(middle, 'ms')}, last ${format(last, 'ms')}`,
        ratio: last / first,
      });
    }
  }
  return rows;
}

async function totalOf(url: string, headers: Headers): Promise<number> {
  const agent = new Agent();
  const answer = await send(agent, { url, method: 'GET', headers });
  return (JSON.parse(answer.body) as { total: number }).total;
}

/** An ordinary account with a workflow of its own. */
async function addUser({ client, instance }: Stage): Promise<{ headers: Headers; slug: string }> {
  const password = 'bench-user-password-2026';
  await client.call('POST', '/users/', { username: 'bench-user', password });
  const agent = new Agent();
  const post = async <T>(path: string, headers: Headers, body: object): Promise<T> => {
    const call = {
      url: `${instance.base}/api/v1${path}`,
      method: 'POST' as const,
      headers,
      body: JSON.stringify(body),
    };
    const answer = await send(agent, call);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as T;
  };
  const json = { 'content-type': 'application/json' };
  const { key } = await post<{ key: string }>('/auth/token/', json, { username: 'bench-user', password });
  const headers = { ...json, authorization: `Bearer ${key}` };
  const document = {
    format: 'pipewright/workflow',
    version: 1,
    workflow: { name: 'Bench pages of a user' },
    ...chain(2),
  };
  const { slug } = await post<{ slug: string }>('/workflows/import/', headers, { document });
  return { headers, slug };
}

/** So many ended runs in the environment of every bench workflow, the oldest a day old; every 50th failed. */
async function seed(databaseUrl: string, slug: string, stored: number): Promise<void> {
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  await db.query(
    `insert into executions (id, environment_id, workflow_id, workflow_version_id, trigger_node, trigger_kind, root_id,
       status, trigger, output, created_at, started_at, finished_at, next_seq)
     select id, environment_id, w, 1, 'start', 'manual', id, case when g % 50 = 0 then 'failed' else 'completed' end,
       '{"a":1}', json_build_object('output', repeat('x', 300)), now(), now(), now(), 9
     from (
       select g, w.id as w, w.environment_id,
         (lpad(to_hex((extract(epoch from now()) * 1000)::bigint - 86400000 + g * 500), 12, '0')
           || '7' || substr(md5(g || w.slug), 1, 3) || '8' || substr(md5(g || w.slug), 4, 15))::uuid as id
       from generate_series(1, $2::int) g
       cross join (select id, environment_id, slug from workflows where slug = $1 or name = 'Bench pages of a user') w
     ) as made`,
    [slug, stored],
  );
  await db.query('vacuum analyze executions');
  await db.end();
}

/** How fast /health answers while so many people sign in at the same moment, and what becomes of them. */
export async function signInFigures({ instance }: Stage, people: number): Promise<Row[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: people });
  const headers = { 'content-type': 'application/json' };
  const idle = await times(`${instance.base}/health`, {}, 100);
  const statuses = new Map<number, number>();
  let isOver = false;
  const began = performance.now();
  const all = Promise.all(
    Array.from({ length: people }, async (_, n) => {
      const body = JSON.stringify({ username: `nobody-${n}`, password: 'not-the-right-one' });
      const answer = await send(agent, {
        url: `${instance.base}/api/v1/auth/token/`,
        method: 'POST',
        headers,
        body,
      });
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    }),
  ).then(() => {
    isOver = true;
  });
  const busy: number[] = [];
  while (!isOver) busy.push(...(await times(`${instance.base}/health`, {}, 1, 0)));
  await all;
  agent.destroy();
  const sorted = busy.toSorted((a, b) => a - b);
  const outcome = [...statuses].map(([status, count]) => `${count}× ${status}`).join(', ');
  return [
    { what: '/health, idle', value: `p95 ${format(at(idle, 0.95), 'ms')}` },
    {
      what: `/health, ${people} sign-ins at once`,
      value: `p95 ${format(at(sorted, 0.95), 'ms')} (${sorted.length} calls; ${outcome} in ${format((performance.now() - began) / 1000, 's')})`,
    },
  ];
}
