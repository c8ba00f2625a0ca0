import { Agent } from 'node:http';
import type { Client, Instance } from './instance.ts';
import { load, send } from './load.ts';
import { chain, echo, fanOut } from './workflow-fixture.ts';

/** One line of the report. `ratio` is against the baseline at the same number of callers, where that makes sense. */
export interface Row {
  readonly what: string;
  readonly value: string;
  readonly ratio?: number;
}

type Fixture = ReturnType<typeof echo>;

export interface Stage {
  readonly instance: Instance;
  readonly client: Client;
}

export const format = (value: number, unit: string): string =>
  `${value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2)} ${unit}`;

export async function bringIn(client: Client, name: string, fixture: Fixture): Promise<string> {
  const document = { format: 'pipewright/workflow', version: 1, workflow: { name }, ...fixture };
  return (await client.call<{ slug: string }>('POST', '/workflows/import/', { document })).slug;
}

export async function finished(client: Client, slug: string): Promise<number> {
  const page = await client.call<{ total: number }>(
    'GET',
    `/executions/?workflow_slug=${slug}&status=completed&limit=0`,
  );
  return page.total;
}

export async function untilFinished(client: Client, slug: string, count: number): Promise<void> {
  const deadline = performance.now() + 180_000;
  while ((await finished(client, slug)) < count) {
    if (performance.now() > deadline) throw new Error(`${slug}: not every run finished within 180 s.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Requests per second and latency of a webhook that answers with a computed value, beside the baseline's. */
export async function webhookEcho(
  { instance, client }: Stage,
  baseline: string,
  seconds: number,
): Promise<Row[]> {
  const slug = await bringIn(client, 'Bench echo', echo());
  const graph = await client.call<{ webhooks: Record<string, string> }>('GET', `/workflows/${slug}/graph/`);
  const body = JSON.stringify({ name: 'Ada' });
  const headers = { 'content-type': 'application/json' };
  const rows: Row[] = [];
  for (const callers of [1, 10, 50]) {
    const bare = await load({
      callers,
      seconds,
      call: () => ({ url: baseline, method: 'POST', headers, body }),
      accept: (answer) => answer.status === 200,
    });
    const ours = await load({
      callers,
      seconds,
      call: () => ({ url: `${instance.base}${graph.webhooks['hook']}`, method: 'POST', headers, body }),
      accept: (answer) => answer.status === 200 && answer.body.includes('Hello Ada'),
    });
    const times = (one: typeof ours) =>
      `${format(one.perSecond, '/s')}, p50 ${format(one.p50, 'ms')}, p99 ${format(one.p99, 'ms')}`;
    const wrong = ours.errors > 0 ? `, ${ours.errors} WRONG ANSWERS` : '';
    rows.push({ what: `baseline, ${callers} callers`, value: times(bare) });
    rows.push({
      what: `webhook echo, ${callers} callers`,
      value: times(ours) + wrong,
      ratio: ours.perSecond / bare.perSecond,
    });
  }
  return rows;
}

export async function startMany({ instance, client }: Stage, slug: string, count: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const call = {
    url: `${instance.base}/api/v1/workflows/${slug}/execute/`,
    method: 'POST' as const,
    headers: client.headers,
    body: '{}',
  };
  const began = performance.now();
  let left = count;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await send(agent, call);
      if (answer.status !== 200) throw new Error(`execute: ${answer.status} ${answer.body}`);
    }
  };
  await Promise.all(Array.from({ length: 50 }, caller));
  agent.destroy();
  return performance.now() - began;
}

/** Ten-node runs started through the API: acknowledged per second, finished per second. */
export async function asynchronousRuns(stage: Stage, count: number): Promise<Row[]> {
  const slug = await bringIn(stage.client, 'Bench ten nodes', chain(10));
  await startMany(stage, slug, 200);
  await untilFinished(stage.client, slug, 200);
  const began = performance.now();
  const acknowledged = await startMany(stage, slug, count);
  await untilFinished(stage.client, slug, count + 200);
  const all = performance.now() - began;
  return [
    {
      what: `10-node runs acknowledged (${count} runs)`,
      value: format((count * 1000) / acknowledged, 'runs/s'),
    },
    { what: '10-node runs finished', value: format((count * 1000) / all, 'runs/s') },
    { what: 'pure steps finished', value: format((count * 10_000) / all, 'steps/s') },
  ];
}

export async function runSeconds({ client }: Stage, slug: string, payload = {}): Promise<number> {
  const { execution_id } = await client.call<{ execution_id: string }>(
    'POST',
    `/workflows/${slug}/execute/`,
    { payload },
  );
  for (;;) {
    const run = await client.call<{ status: string; started_at: string; completed_at: string }>(
      'GET',
      `/executions/${execution_id}/status/`,
    );
    if (run.status === 'failed') throw new Error(`${slug} failed.`);
    if (run.status === 'completed') return (Date.parse(run.completed_at) - Date.parse(run.started_at)) / 1000;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function best(times: number, measure: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < times; n += 1) least = Math.min(least, await measure());
  return least;
}

/** Cost of one node in a long chain, and of a wide fan-out with its join. */
export async function bigGraphs(stage: Stage): Promise<Row[]> {
  const long = await bringIn(stage.client, 'Bench chain', chain(1000));
  const wide = await bringIn(stage.client, 'Bench fan-out', fanOut(100));
  const chainSeconds = await best(5, () => runSeconds(stage, long));
  const fanSeconds = await best(5, () => runSeconds(stage, wide));
  return [
    { what: 'per node in a chain of 1,000 (best of 5)', value: format(chainSeconds, 'ms') },
    { what: 'fan-out 1 → 100 → merge (best of 5)', value: format(fanSeconds * 1000, 'ms') },
  ];
}

/** Pages per second of the execution list over at least `stored` runs. */
export async function listPages(stage: Stage, stored: number, seconds: number): Promise<Row[]> {
  const slug = await bringIn(stage.client, 'Bench list', chain(2));
  const total = (await stage.client.call<{ total: number }>('GET', '/executions/?limit=0')).total;
  if (total < stored) {
    await startMany(stage, slug, stored - total);
    await untilFinished(stage.client, slug, stored - total);
  }
  const page = (offset: number) =>
    load({
      callers: 4,
      seconds,
      call: () => ({
        url: `${stage.instance.base}/api/v1/executions/?limit=50&offset=${offset}`,
        method: 'GET',
        headers: stage.client.headers,
      }),
      accept: (answer) => answer.status === 200,
    });
  const first = await page(0);
  const last = await page(stored - 50);
  return [
    {
      what: `list page of 50, first of ${stored} runs`,
      value: `${format(first.perSecond, '/s')}, p50 ${format(first.p50, 'ms')}`,
    },
    {
      what: 'list page of 50, last',
      value: `${format(last.perSecond, '/s')}, p50 ${format(last.p50, 'ms')}`,
      ratio: last.perSecond / first.perSecond,
    },
  ];
}
