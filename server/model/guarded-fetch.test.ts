import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEgress, type Egress } from '#server/egress/client.ts';
import { guardedFetch } from './guarded-fetch.ts';

const server = createServer((incoming, outgoing) => {
  outgoing.writeHead(Number(incoming.url?.slice(1))).end();
});
let base: string;
let egress: Egress;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  base = `http://127.0.0.1:${port}`;
  egress = createEgress({ allow: [`127.0.0.1:${port}`] });
});
afterAll(async () => {
  await egress.close();
  server.closeAllConnections();
  server.close();
});

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

it('keeps no clock going for an answer without a body', async () => {
  const guarded = guardedFetch({ egress, auth: null, timeoutMs: 60_000 });
  await guarded(`${base}/204`, { method: 'DELETE' });
  const before = timers();
  for (let n = 0; n < 20; n += 1) {
    const answer = await guarded(`${base}/204`, { method: 'DELETE' });
    expect([answer.status, await answer.text()]).toEqual([204, '']);
  }
  expect(timers()).toBeLessThanOrEqual(before + 2);
});
