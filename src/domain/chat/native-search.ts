import { z } from 'zod';

/** One search that a provider's own model has made while it answered; nobody here was asked to make it. */
export const nativeSearch = z.object({
  id: z.string(),
  /** What was searched for, or the page that was opened. */
  query: z.string(),
  sources: z.array(z.object({ url: z.string(), title: z.string().nullable() })),
  /** The provider's word for why there is nothing; absent where it went well. */
  error: z.string().optional(),
});
export type NativeSearch = z.output<typeof nativeSearch>;

/**
 * An answer as the provider wants to see it again within one step: with its own blocks, some of them sealed by it.
 * Nobody else can read it, so it is neither shown nor remembered.
 */
export const nativeAnswer = z.object({ provider: z.string(), parts: z.array(z.json()) });
export type NativeAnswer = z.output<typeof nativeAnswer>;
