import { z } from 'zod';
import { pageOf, paging } from '#domain/page.ts';
import { text } from '#domain/text.ts';
import { operation } from './operation.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');

export const MEMORY_SCOPES = ['session', 'user', 'agent', 'global'] as const;
export const FACT_TYPES = [
  'user_preference',
  'world_knowledge',
  'self_knowledge',
  'correction',
  'relationship',
] as const;

export const factOut = z
  .object({
    id: z.string(),
    scope: z.enum(MEMORY_SCOPES),
    agent_id: z.string().nullable(),
    user_id: z.string().nullable(),
    key: z.string(),
    value: z.json(),
    fact_type: z.enum(FACT_TYPES),
    confidence: z.number(),
    times_confirmed: z.int(),
    access_count: z.int(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'MemoryFact' });

export const episodeOut = z
  .object({
    id: z.string(),
    agent_id: z.string(),
    user_id: z.string().nullable(),
    trigger_type: z.string(),
    success: z.boolean(),
    error_code: z.string().nullable(),
    summary: z.string().nullable(),
    started_at: time,
    ended_at: time.nullable(),
    duration_ms: z.int().nullable(),
    created_at: time,
  })
  .meta({ id: 'MemoryEpisode' });

export const procedureOut = z
  .object({
    id: z.string(),
    agent_id: z.string(),
    name: z.string(),
    description: z.string(),
    procedure_type: z.string(),
    times_used: z.int(),
    times_succeeded: z.int(),
    times_failed: z.int(),
    success_rate: z.number().describe('From 0 to 1; 0.5 while it was never used.'),
    is_active: z.boolean(),
    created_at: time,
  })
  .meta({ id: 'MemoryProcedure' });

export const memoryUserOut = z
  .object({
    id: z.string(),
    canonical_id: z.string(),
    display_name: z.string().nullable(),
    telegram_id: z.string().nullable(),
    email: z.string().nullable(),
    total_conversations: z.int(),
    last_seen_at: time,
    created_at: time,
  })
  .meta({ id: 'MemoryUser' });

export const checkpointOut = z
  .object({
    thread_id: z.string(),
    checkpoint_ns: z.string(),
    checkpoint_id: z.string(),
    parent_checkpoint_id: z.string().nullable(),
    step: z.int().nullable(),
    source: z.string().nullable(),
    blob_size: z.int().describe('Bytes.'),
  })
  .meta({ id: 'MemoryCheckpoint' });

const filter = text(500).optional();
const search = { ...paging, q: filter.describe('Words that occur in it.') };
const meant = {
  ...paging,
  q: filter.describe(
    'Words that occur in it. Where your environment has an embedding model, what means the same follows after those.',
  ),
  meaning: z.boolean().optional().describe('false: only what holds the words.'),
};
const ids = z.array(text(200)).max(1000);

const list = <I extends z.ZodRawShape, O extends z.ZodType>(
  path: string,
  summary: string,
  input: I,
  item: O,
) =>
  operation({
    method: 'get',
    path: `/memories/${path}`,
    status: 200,
    access: 'memory.read',
    summary,
    input: z.object(input),
    output: pageOf(item),
  });

const batchDelete = <I extends z.ZodRawShape>(path: string, summary: string, input: I) =>
  operation({
    method: 'post',
    path: `/memories/${path}/batch-delete`,
    status: 204,
    access: 'memory.delete',
    summary,
    input: z.object(input),
    output: z.void(),
  });

/** What agents have kept. Written by runs; read and deleted here. */
export const memories = {
  facts: list(
    'facts',
    'What agents have learned, changed last first',
    { ...meant, scope: filter, fact_type: filter },
    factOut,
  ),
  deleteFacts: batchDelete('facts', 'Forget facts', { ids }),
  episodes: list(
    'episodes',
    'What agents have done, begun last first',
    { ...meant, agent_id: filter },
    episodeOut,
  ),
  deleteEpisodes: batchDelete('episodes', 'Forget episodes', { ids }),
  procedures: list(
    'procedures',
    'What agents know how to do, newest first',
    { ...meant, agent_id: filter },
    procedureOut,
  ),
  deleteProcedures: batchDelete('procedures', 'Forget procedures', { ids }),
  users: list('users', 'Whom agents have talked to, seen last first', search, memoryUserOut),
  deleteUsers: batchDelete('users', 'Forget people', { ids }),
  checkpoints: list(
    'checkpoints',
    'Kept states of conversations, newest first',
    { ...search, thread_id: filter },
    checkpointOut,
  ),
  deleteCheckpoints: batchDelete('checkpoints', 'Forget conversations, whole or single states', {
    thread_ids: ids.nullish(),
    checkpoint_ids: ids.nullish(),
  }),
} as const;
