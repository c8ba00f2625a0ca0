import { z } from 'zod';
import { name } from '#domain/text.ts';
import { operation, rowId } from './operation.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');
const similarity = z.number().min(0).max(1);

/** Which model turns texts into vectors. */
const chosen = {
  model: name(200).describe('As the provider calls it, such as text-embedding-3-small.'),
  dimensions: z
    .int()
    .min(8)
    .max(4096)
    .nullish()
    .describe(
      'How long its vectors are to be; null: as the model makes them. Not every model can shorten them.',
    ),
};

const count = z.int().min(0);

export const memorySearchOut = z
  .object({
    credential_id: z.int().nullable().describe('Null: memories are found by their words only.'),
    credential_name: z.string().nullable(),
    model: z.string().nullable(),
    dimensions: z.int().nullable(),
    min_similarity: similarity.describe('What is less alike a question is not found by its meaning.'),
    storage: z
      .enum(['pgvector', 'arrays'])
      .nullable()
      .describe('What the database compares vectors with; null while no model is chosen.'),
    memories: z.object({
      total: count,
      embedded: count.describe('Found by meaning.'),
      pending: count.describe('Found by their words so far.'),
      skipped: count.describe('The provider did not take them; found by their words.'),
    }),
    paused_until: time.nullable().describe('The provider failed; the next try follows then.'),
    last_error: z.string().nullable(),
    updated_at: time.nullable(),
  })
  .meta({ id: 'MemorySearch' });

export const memorySearchTestOut = z
  .object({
    ok: z.boolean(),
    error: z.string().describe('Empty: it works.'),
    dimensions: z.int().nullable().describe('How long the vectors were.'),
    alike: z.number().nullable().describe('How alike two sentences of the same meaning are, of 1.'),
    unlike: z.number().nullable().describe('How alike two sentences without anything in common are.'),
    tokens: count,
    duration_ms: z.int(),
  })
  .meta({ id: 'MemorySearchTest' });

/** How memories of your environment are found: always by their words, by their meaning if a model is chosen. */
export const memorySearch = {
  get: operation({
    method: 'get',
    path: '/memory-search',
    status: 200,
    access: 'model.read',
    summary: 'How memories of your environment are found, and how far their embedding is',
    input: z.object({}),
    output: memorySearchOut,
  }),
  set: operation({
    method: 'put',
    path: '/memory-search',
    status: 200,
    access: 'memory.configure',
    summary: 'Choose the embedding model of your environment, or none; another one embeds everything anew',
    input: z.object({
      credential_id: rowId
        .nullable()
        .describe('An LLM credential; null: by words only, vectors are deleted.'),
      model: chosen.model.nullish().describe('Needed with a credential.'),
      dimensions: chosen.dimensions,
      min_similarity: similarity.nullish().describe('0.25 if absent.'),
    }),
    output: memorySearchOut,
  }),
  test: operation({
    method: 'post',
    path: '/memory-search/test',
    status: 200,
    access: 'memory.configure',
    summary: 'Embed three sentences with a model, to see whether it works; counted like every call',
    input: z.object({ credential_id: rowId, ...chosen }),
    output: memorySearchTestOut,
  }),
  rebuild: operation({
    method: 'post',
    path: '/memory-search/rebuild',
    status: 200,
    access: 'memory.configure',
    summary: 'Embed everything anew, or try again now what the provider did not take',
    input: z.object({
      what: z.enum(['everything', 'rest']).default('rest').describe('`rest`: what has no vector.'),
    }),
    output: memorySearchOut,
  }),
} as const;
