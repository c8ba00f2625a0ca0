import { randomUUID } from 'node:crypto';
import { type Client, pause } from './client.ts';

export interface LoadOptions {
  readonly client: Client;
  /** Workflows that are started in turn. */
  readonly slugs: readonly string[];
  /** Starts a second. */
  readonly rate: number;
  /** Epoch ms; no new start after that. */
  readonly until: number;
}

/** How long a caller goes on asking before it gives up. */
const PATIENCE_MS = 60_000;

/** Callers who start runs at a steady rate, and ask again with the same key until somebody acknowledges. */
export class StartLoad {
  /** Ids of acknowledged runs with the key each was started under. */
  readonly acknowledged = new Map<string, string>();
  /** Starts that nobody acknowledged in time. */
  gaveUp = 0;
  /** Resolves when the last caller has been answered. */
  readonly done: Promise<void>;

  constructor(options: LoadOptions) {
    this.done = this.run(options);
  }

  private async run({ client, slugs, rate, until }: LoadOptions): Promise<void> {
    const callers: Promise<void>[] = [];
    const began = Date.now();
    for (let n = 0; Date.now() < until; n += 1) {
      callers.push(this.start(client, slugs[n % slugs.length] ?? ''));
      await pause(Math.max(0, began + ((n + 1) * 1000) / rate - Date.now()));
    }
    await Promise.all(callers);
  }

  private async start(client: Client, slug: string): Promise<void> {
    const idempotencyKey = randomUUID();
    try {
      const { execution_id } = await client.insist<{ execution_id: string }>(
        'POST',
        `/workflows/${slug}/execute/`,
        {},
        { idempotencyKey, until: Date.now() + PATIENCE_MS },
      );
      this.acknowledged.set(execution_id, idempotencyKey);
    } catch {
      this.gaveUp += 1;
    }
  }
}
