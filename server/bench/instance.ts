import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Call, send } from './load.ts';

export interface Instance {
  readonly base: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to its first good answer. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return address && typeof address === 'object' ? address.port : 0;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** Starts Pipewright on a data directory of its own and waits until it answers. */
export async function startInstance(
  dataDir: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Instance> {
  const port = await freePort();
  const began = performance.now();
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      PIPEWRIGHT_DATA: dataDir,
      PIPEWRIGHT_LOG_LEVEL: 'error',
      PIPEWRIGHT_RATE_LIMIT: '0',
      PIPEWRIGHT_RATE_LIMIT_STRANGERS: '0',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const base = `http://127.0.0.1:${port}`;
  const agent = new Agent();
  for (;;) {
    if (child.exitCode !== null) throw new Error('Pipewright ended while starting.');
    const answer = await send(agent, { url: `${base}/health`, method: 'GET', headers: {} }).catch(() => null);
    if (answer?.status === 200) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { base, pid: child.pid ?? 0, readyMs: performance.now() - began, stop: () => stopChild(child) };
}

/** The bare server of `baseline.ts` on the same database. */
export async function startBaseline(databaseUrl: string): Promise<{ base: string; stop(): Promise<void> }> {
  const file = fileURLToPath(new URL('./baseline.ts', import.meta.url));
  const child = spawn(process.execPath, [file, databaseUrl], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { base: `http://127.0.0.1:${line.toString().trim().split(' ')[1]}`, stop: () => stopChild(child) };
}

/** Resident memory of a process in MiB, from the kernel. NaN where there is no /proc. */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** Processor time a process has had so far in milliseconds, from the kernel. NaN where there is no /proc. */
export async function processorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Behind the name: user and system time in ticks of ten milliseconds.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN)) * 10;
}

/** A signed-in API client for setting the stage. */
export interface Client {
  readonly headers: Readonly<Record<string, string>>;
  call<T>(method: Call['method'], path: string, body?: unknown): Promise<T>;
}

export async function signUp(instance: Instance): Promise<Client> {
  const agent = new Agent({ keepAlive: true });
  const json = { 'content-type': 'application/json' };
  const go = async <T>(
    headers: Record<string, string>,
    method: Call['method'],
    path: string,
    body?: unknown,
  ): Promise<T> => {
    const call = {
      url: `${instance.base}/api/v1${path}`,
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const answer = await send(agent, call);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 300)}`);
    return JSON.parse(answer.body) as T;
  };
  const { key } = await go<{ key: string }>(json, 'POST', '/auth/setup/', {
    username: 'bench',
    password: 'bench-password',
  });
  const headers = { ...json, authorization: `Bearer ${key}` };
  return { headers, call: (method, path, body) => go(headers, method, path, body) };
}
