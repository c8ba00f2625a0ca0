import { z } from 'zod';
import { readProblem } from '#client/problem.ts';
import { api } from '#client/trpc.ts';
import { graphCommand } from '#domain/graph/command.ts';
import type { SavePort, SaveResult } from './autosave.ts';
import { loadGraph } from './load-graph.ts';

const missed = z.object({ revision: z.int(), missing: z.array(graphCommand) });

/** Saving and loading one workflow's graph over the API. */
export function savePortOf(slug: string): SavePort {
  return {
    save: async (base_revision, commands) => {
      try {
        const answer = await api.workflows.changeGraph.mutate({
          workflow_slug: slug,
          base_revision,
          commands: [...commands],
        });
        const { revision, next_edge_id: nextEdgeId, webhooks } = answer;
        return { kind: 'saved', answer: { revision, nextEdgeId, webhooks } };
      } catch (error) {
        return failureOf(error);
      }
    },
    load: () => loadGraph(slug),
  };
}

function failureOf(error: unknown): SaveResult {
  const problem = readProblem(error);
  if (problem.code === 'offline' || problem.code === 'internal' || problem.status === 429)
    return { kind: 'unreachable' };
  if (problem.code === 'conflict') {
    const read = missed.safeParse(problem.extra);
    const revision = Number(problem.extra['revision'] ?? Number.NaN);
    if (read.success) return { kind: 'stale', revision: read.data.revision, missed: read.data.missing };
    if (Number.isFinite(revision)) return { kind: 'stale', revision, missed: null };
  }
  return { kind: 'refused', message: problem.message };
}
