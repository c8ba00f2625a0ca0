'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { trpc } from '#client/trpc.ts';
import type { Kind, MemoryPage } from './kind.ts';
import { hasAgents, type ListState } from './list-state.ts';

export interface MemoryQuery<P> {
  readonly page: P | undefined;
  readonly error: unknown;
  /** Another page is on its way. */
  readonly stale: boolean;
  readonly retry: () => void;
}

const kept = { placeholderData: keepPreviousData } as const;

/** One page of memories of one kind, as the address asks for it. */
export function useMemories<K extends Kind>(kind: K, state: ListState): MemoryQuery<MemoryPage<K>> {
  const { limit, offset, q, scope, type, agent, thread } = state;
  const common = { limit, offset, ...(q !== '' && { q }) };
  const byAgent = { ...common, ...(hasAgents(kind) && agent !== '' && { agent_id: agent }) };
  const on = (own: Kind) => ({ ...kept, enabled: kind === own });
  const lists = {
    facts: useQuery(
      trpc.memories.facts.queryOptions(
        { ...common, ...(scope !== '' && { scope }), ...(type !== '' && { fact_type: type }) },
        on('facts'),
      ),
    ),
    episodes: useQuery(trpc.memories.episodes.queryOptions(byAgent, on('episodes'))),
    procedures: useQuery(trpc.memories.procedures.queryOptions(byAgent, on('procedures'))),
    users: useQuery(trpc.memories.users.queryOptions(common, on('users'))),
    checkpoints: useQuery(
      trpc.memories.checkpoints.queryOptions(
        { ...common, ...(thread !== '' && { thread_id: thread }) },
        on('checkpoints'),
      ),
    ),
  };
  const list = lists[kind];
  return {
    page: list.data as MemoryPage<K> | undefined,
    error: list.error,
    stale: list.isPlaceholderData,
    retry: () => void list.refetch(),
  };
}
