import type { Pool } from 'pg';
import type { RunEventType } from '#domain/run/event.ts';
import type { StepPlace } from './interface.ts';

type Step = Pick<StepPlace, 'executionId' | 'node' | 'scope'>;

const TOLD = `
select e->'data'->>'call_key' as key, e->>'type' as type
from event_chunks c cross join lateral json_array_elements(c.events::json) e
where c.execution_id = $1 and e->'data'->>'call_key' is not null
  and coalesce(e->'data'->>'parent_node_id', e->'data'->>'node_id') = $2
  and coalesce(e->'data'->>'scope', '') = $3
  and (e->>'type' = 'chat_message' or e->'data'->>'status' in ('success', 'failed'))`;

/**
 * What of a step's calls the listeners of its run have been told, by {@link toldKey}. A process that dies may have
 * recorded a call and not yet what there was to tell of it.
 */
export async function toldOf(pool: Pool, { executionId, node, scope }: Step): Promise<Set<string>> {
  const { rows } = await pool.query<{ key: string; type: RunEventType }>({
    name: 'pipewright_told',
    text: TOLD,
    values: [executionId, node, scope],
  });
  return new Set(rows.map(({ key, type }) => toldKey(type, key)));
}

/** Tells apart what is told once of every call: what was said with it, and how it ended. */
export const toldKey = (type: RunEventType, call: string): string => `${type} ${call}`;
