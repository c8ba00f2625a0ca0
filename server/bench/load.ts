import { Agent, request } from 'node:http';

export interface LoadResult {
  readonly callers: number;
  readonly requests: number;
  readonly errors: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

export interface Call {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One HTTP call over a kept-alive connection. */
export function send(agent: Agent, call: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = call.body === undefined ? undefined : Buffer.from(call.body);
    const headers = { ...call.headers, ...(body && { 'content-length': String(body.length) }) };
    const outgoing = request(call.url, { method: call.method, agent, headers }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(parts).toString() }),
      );
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/**
 * Closed-loop load: `callers` loops, each sending its next call when the last one was answered, for `seconds`
 * after a warm-up of a quarter of that. `accept` says which answers count as good.
 */
export async function load(options: {
  callers: number;
  seconds: number;
  call: () => Call;
  accept: (answer: Answer) => boolean;
}): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.callers });
  const warmUntil = performance.now() + options.seconds * 250;
  const until = warmUntil + options.seconds * 1000;
  const times: number[] = [];
  let errors = 0;
  const loop = async (): Promise<void> => {
    for (let start = performance.now(); start < until; start = performance.now()) {
      const good = await send(agent, options.call()).then(options.accept, () => false);
      if (start < warmUntil) continue;
      if (good) times.push(performance.now() - start);
      else errors += 1;
    }
  };
  await Promise.all(Array.from({ length: options.callers }, loop));
  agent.destroy();
  times.sort((a, b) => a - b);
  return {
    callers: options.callers,
    requests: times.length,
    errors,
    perSecond: times.length / options.seconds,
    p50: at(times, 0.5),
    p99: at(times, 0.99),
  };
}
