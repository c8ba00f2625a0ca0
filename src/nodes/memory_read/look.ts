import type { z } from 'zod';
import type { Recalled } from '#domain/memory/request.ts';
import type { Capabilities } from '#domain/node/executor.ts';
import type { definition } from './definition.ts';

type Config = z.output<(typeof definition)['config']>;

export interface Question {
  readonly key: string;
  readonly query: string;
}

/** What the memory has, as the node's form says. */
export const look = (
  { memory }: Capabilities,
  config: Config,
  { key, query }: Question,
): Promise<readonly Recalled[]> =>
  memory({
    kind: 'recall',
    memory: config.memory_type,
    key: key || null,
    query: query || null,
    limit: config.limit,
    minConfidence: config.min_confidence,
  });
