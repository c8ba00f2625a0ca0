import type { Pool } from 'pg';
import { hasArea } from './listed-operation.ts';
import type { Person } from './person.ts';

export interface Remembered {
  readonly owner: Person;
  readonly canary: string;
  readonly workflowId: number;
}

/** What only runs of agents write: memories, and a conversation with the workflow. @returns the ids. */
export async function makeMemories(pool: Pool, { owner, canary, workflowId }: Remembered): Promise<string[]> {
  if (!hasArea('memories')) return [];
  const { environmentId, userId } = owner;
  const values = [environmentId, canary];
  const one = async (text: string): Promise<string[]> => {
    const { rows } = await pool.query<{ id: string }>(text, values);
    return rows.map(({ id }) => id);
  };
  const ids = [
    await one(`insert into memory_facts (environment_id, scope, key, value, fact_type)
      values ($1, 'global', $2, to_json($2::text), 'world_knowledge') returning id`),
    await one(`insert into memory_episodes (environment_id, agent_id, trigger_type, success, summary, started_at)
      values ($1, $2, 'manual', true, $2, now()) returning id`),
    await one(`insert into memory_procedures (environment_id, agent_id, name, procedure_type)
      values ($1, $2, $2, 'workflow') returning id`),
    await one(
      `insert into memory_users (environment_id, canonical_id, display_name) values ($1, $2, $2) returning id`,
    ),
    await one(`insert into memory_checkpoints (environment_id, thread_id, checkpoint_id, state, blob_size)
      values ($1, $2, $2, '{}', 2) returning checkpoint_id as id`),
  ].flat();
  const { rows } = await pool.query<{ id: string }>(
    `insert into chat_threads (thread_id, environment_id, workflow_id, user_id)
     values ($1, $2, $3, $4) returning id`,
    [`${userId}:${workflowId}`, environmentId, workflowId, userId],
  );
  await pool.query(`insert into chat_messages (chat_thread_id, role, text) values ($1, 'user', $2)`, [
    rows[0]?.id,
    canary,
  ]);
  return ids;
}
