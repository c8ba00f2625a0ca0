import pg from 'pg';

export interface ListenerOptions {
  readonly url: string;
  /** What to do with a notification, by channel. */
  readonly channels: Readonly<Record<string, (payload: string) => void>>;
  /** Called whenever notifications may have been missed: after every connection, the first one included. */
  readonly onConnected?: () => void;
}

export interface Listener {
  close(): Promise<void>;
}

const RETRY_MS = 500;

/** Listens on one connection of its own and comes back by itself when it is lost. Resolves once it listens. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  let client: pg.Client | null = null;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const open = async (): Promise<void> => {
    const fresh = new pg.Client({ connectionString: options.url, keepAlive: true });
    fresh.on('error', () => undefined);
    fresh.on('notification', ({ channel, payload }) => options.channels[channel]?.(payload ?? ''));
    await fresh.connect();
    for (const channel of Object.keys(options.channels)) {
      await fresh.query(`listen ${pg.escapeIdentifier(channel)}`);
    }
    fresh.on('end', again);
    client = fresh;
    options.onConnected?.();
  };
  const again = (): void => {
    client = null;
    if (closed) return;
    retry = setTimeout(() => void open().catch(again), RETRY_MS);
  };

  await open();
  return {
    close: async () => {
      closed = true;
      clearTimeout(retry);
      await client?.end();
    },
  };
}
