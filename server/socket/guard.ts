import type { Db } from '#server/db/connection.ts';
import type { Identities } from '#server/features/accounts/identity.ts';
import { workflowsNow } from './channel.ts';
import type { Connection } from './connection.ts';
import type { Gate } from './gate.ts';
import type { Hub } from './hub.ts';
import { CLOSE, REFUSED_REASON } from './limit.ts';

export interface GuardOptions {
  readonly db: Db;
  readonly identities: Identities;
  readonly gate: Gate;
  readonly hub: Hub;
  readonly connections: () => Iterable<Connection>;
}

/** Looks up again whether everybody connected may still be, and may still listen to what they listen to. */
export async function recheck(options: GuardOptions): Promise<void> {
  await Promise.all([recheckPeople(options), recheckWorkflows(options)]);
}

async function recheckPeople({ connections, gate, identities }: GuardOptions): Promise<void> {
  const byCredential = Map.groupBy(connections(), ({ viewer }) =>
    [viewer.credential.kind, viewer.credential.id, viewer.role, viewer.memberRole, viewer.environmentId].join(
      ':',
    ),
  );
  const checks = [...byCredential.values()].map(async (group) => {
    const [first] = group;
    if (!first || (await gate.run(() => identities.stillValid(first.viewer)))) return;
    for (const connection of group) connection.close(CLOSE.refused, REFUSED_REASON);
  });
  await Promise.all(checks);
}

async function recheckWorkflows({ db, gate, hub }: GuardOptions): Promise<void> {
  const listeners = hub.confirmed();
  if (listeners.length === 0) return;
  const ids = new Set(listeners.flatMap(({ workflowId }) => workflowId ?? []));
  const now = await gate.run(() => workflowsNow(db, [...ids]));
  for (const listener of listeners) {
    const row = now.get(listener.workflowId ?? 0);
    const mayListen =
      row?.slug === listener.slug &&
      (listener.environmentId === null || listener.environmentId === row.environment_id);
    if (!mayListen) listener.drop();
  }
}
