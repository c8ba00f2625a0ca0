import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { MemoryPlace } from './place.ts';

/** The facts a step may see: those for everybody here, and those of its workflow, its person and its conversation. */
export function visibleFacts({
  environmentId,
  agentId,
  personId,
  threadId,
}: MemoryPlace): RawBuilder<SqlBool> {
  return sql<SqlBool>`environment_id = ${environmentId} and (scope = 'global'
    or (scope = 'agent' and agent_id = ${agentId})
    or (scope = 'user' and user_id = ${personId}::text)
    or (scope = 'session' and session_id = ${threadId}))`;
}

/** Nearest first. */
export const nearness = sql<number>`array_position(array['session', 'user', 'agent', 'global'], scope)`;

/** A key as `folded_key` has it. */
export const folded = (key: string): string =>
  key
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')
    .trim();
