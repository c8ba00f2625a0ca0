import { createServer } from 'node:http';
import pg from 'pg';

/**
 * The yardstick: a bare Node HTTP server that stores each request's body with one INSERT, the inserts of all
 * requests that arrive together committed together. Run as its own process: `baseline.ts <database url>`; prints
 * its port.
 */
const pool = new pg.Pool({ connectionString: process.argv[2], max: 4 });
await pool.query(
  'create table if not exists bench_baseline (id bigint generated always as identity, body json not null)',
);

interface Waiting {
  readonly body: string;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}
let waiting: Waiting[] = [];
let busy = false;

async function flush(): Promise<void> {
  busy = true;
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    try {
      await pool.query('insert into bench_baseline (body) select unnest($1::json[])', [
        batch.map((one) => one.body),
      ]);
      for (const one of batch) one.done();
    } catch (error) {
      for (const one of batch) one.failed(error);
    }
  }
  busy = false;
}

const store = (body: string): Promise<void> =>
  new Promise((done, failed) => {
    waiting.push({ body, done, failed });
    if (!busy) void flush();
  });

const server = createServer((incoming, outgoing) => {
  const parts: Buffer[] = [];
  incoming.on('data', (part: Buffer) => parts.push(part));
  incoming.on('end', () => {
    const body = Buffer.concat(parts).toString();
    store(body).then(
      () => outgoing.writeHead(200, { 'content-type': 'application/json' }).end(body),
      () => outgoing.writeHead(500).end(),
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') process.stdout.write(`port ${address.port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
