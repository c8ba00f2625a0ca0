import type { Viewer } from '../handler.ts';

interface CallId {
  readonly id: string | number;
  readonly signal: AbortSignal;
}

/** Each may wait for a quarter of an hour; callers that wait for webhooks are never short of room because of them. */
const MOST_CALLS = 200;
/** Of all places those of one environment: however many it calls, others get in. */
const SHARE = 0.5;

/**
 * The calls this process is answering. Clients of the protocol before 2026 cancel one by a request of its own, which
 * says only which number they had given it.
 */
export class CallsInHand {
  private readonly calls = new Map<string, Set<AbortController>>();
  private readonly most: number;
  private readonly ofEnvironment = new Map<number, number>();
  private count = 0;

  constructor(most = MOST_CALLS) {
    this.most = most;
  }

  /** Whether there is a place for one more call of the viewer's environment. */
  hasPlace({ environmentId }: Viewer): boolean {
    return this.count < this.most && (this.ofEnvironment.get(environmentId) ?? 0) < this.most * SHARE;
  }

  /** Does something for a call; the signal says that the client wants it no more. */
  async during<T>(
    viewer: Viewer,
    { id, signal }: CallId,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const key = keyOf(viewer, id);
    const own = new AbortController();
    const found = this.calls.get(key) ?? new Set();
    this.calls.set(key, found.add(own));
    this.counted(viewer, 1);
    try {
      return await work(AbortSignal.any([signal, own.signal]));
    } finally {
      this.counted(viewer, -1);
      found.delete(own);
      if (found.size === 0) this.calls.delete(key);
    }
  }

  private counted({ environmentId }: Viewer, by: number): void {
    this.count += by;
    const now = (this.ofEnvironment.get(environmentId) ?? 0) + by;
    if (now > 0) this.ofEnvironment.set(environmentId, now);
    else this.ofEnvironment.delete(environmentId);
  }

  /** Takes notice of a message that cancels a call, unless several clients with the same key have given that number. */
  heard(viewer: Viewer, message: unknown): void {
    const { method, params } = (message ?? {}) as { method?: unknown; params?: { requestId?: unknown } };
    const id = params?.requestId;
    if (method !== 'notifications/cancelled' || (typeof id !== 'string' && typeof id !== 'number')) return;
    const [only, ...others] = this.calls.get(keyOf(viewer, id)) ?? [];
    if (others.length === 0) only?.abort();
  }
}

const keyOf = ({ credential }: Viewer, id: string | number): string =>
  `${credential.kind} ${credential.id} ${JSON.stringify(id)}`;
