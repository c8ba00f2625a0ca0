'use client';

import { useQuery } from '@tanstack/react-query';
import { trpc } from '#client/trpc.ts';
import { loadGraph } from './save/load-graph.ts';

/**
 * Everything an editor needs before it can open. Called by the page as well, so that the answers are under way while
 * the code of the editor still is.
 */
export function useOpening(slug: string) {
  const workflow = useQuery(trpc.workflows.get.queryOptions({ workflow_slug: slug }));
  // Read once: from then on the open editor and its autosave own the graph.
  const graph = useQuery({
    queryKey: ['editor-graph', slug],
    queryFn: () => loadGraph(slug),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const hostTypes = useQuery(
    trpc.workflows.hostTypes.queryOptions({}, { staleTime: Number.POSITIVE_INFINITY }),
  );
  return { workflow, graph, hostTypes };
}
