import type { OutputOf } from '#contract/contract.ts';

export type AuditPage = OutputOf<'audit', 'list'>;
export type AuditEvent = AuditPage['items'][number];

/** Who did it, as far as it is known. */
export function actorOf(event: AuditEvent): { name: string; known: boolean } {
  if (event.actor_username !== null) return { name: event.actor_username, known: true };
  return { name: event.actor_id === null ? 'Nobody signed in' : `Account ${event.actor_id}`, known: false };
}
