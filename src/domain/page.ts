import { z } from 'zod';

export const MAX_LIMIT = 1000;

/** Paging of every enveloped list: 50 by default, 0 allowed, clamped to 1000; negative is refused. */
export const paging = {
  limit: z
    .int()
    .min(0)
    .transform((limit) => Math.min(limit, MAX_LIMIT))
    .default(50)
    .describe('How many items to return; at most 1000.'),
  offset: z.int().min(0).max(1_000_000_000).default(0).describe('How many items to skip.'),
};

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), total: z.int().describe('All items after filtering, before paging.') });
