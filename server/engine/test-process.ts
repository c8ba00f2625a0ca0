import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { StartRequest } from './engine.ts';

const main = fileURLToPath(new URL('./test-main.ts', import.meta.url));

/** Starts another process with an engine, and waits until it is ready. With `request` it goes on starting that. */
export async function spawnEngine(url: string, request: StartRequest | null = null): Promise<ChildProcess> {
  const child = spawn(process.execPath, [main, url, JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`The engine process ended with ${code}.`)));
  });
  return child;
}

export async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

export interface Call {
  readonly path: string;
  readonly key: string;
  readonly at: number;
}

/** A server that counts who called it with which idempotency key. Paths that start with /slow wait for `release`. */
export class CountingServer {
  readonly calls: Call[] = [];
  private readonly server: Server;
  private held: (() => void)[] = [];
  private delayMs: number;

  private constructor(delayMs: number) {
    this.delayMs = delayMs;
    this.server = createServer((request, response) => {
      const path = request.url ?? '';
      this.calls.push({ path, key: String(request.headers['idempotency-key']), at: Date.now() });
      const answer = (): void => {
        response.end('ok');
      };
      if (path.startsWith('/slow')) this.held.push(answer);
      else setTimeout(answer, this.delayMs);
    });
  }

  static async start(delayMs = 0): Promise<CountingServer> {
    const counting = new CountingServer(delayMs);
    counting.server.listen(0, '127.0.0.1');
    await once(counting.server, 'listening');
    return counting;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers everybody who waits, and everybody later at once. */
  release(): void {
    const { held } = this;
    this.held = [];
    for (const answer of held) answer();
  }

  async close(): Promise<void> {
    this.release();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
