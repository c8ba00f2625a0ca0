import { sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import type { Engine } from '#server/engine/engine.ts';

export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly version: string;
  /** Whether the queue and live messages work; the name is the reference API's. */
  readonly redis: boolean;
  readonly database: boolean;
  readonly queue: { readonly driving: number; readonly inline: number; readonly journal: number };
}

export type HealthCheck = () => Promise<Health>;

const PATIENCE_MS = 2000;

/** Always answers, also when the database does not. */
export function healthCheck(db: Db, engine: Engine, version: string): HealthCheck {
  return async () => {
    const database = await isUp(db);
    return {
      status: database ? 'ok' : 'degraded',
      version,
      redis: database,
      database,
      queue: engine.stats(),
    };
  };
}

async function isUp(db: Db): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  const asked = sql`select 1`.execute(db).then(
    () => true,
    () => false,
  );
  const up = await Promise.race([asked, late]);
  clearTimeout(timer);
  return up;
}
