import { useQueries } from '@tanstack/react-query';
import { trpc } from '#client/trpc.ts';
import type { Graph } from '#domain/graph/graph.ts';
import { planesOf } from '#domain/graph/plug.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { useEditor, useRun } from '../editor-context.ts';
import { type ChildRun, endedIn } from './child-run.ts';
import { isOver } from './run-state.ts';
import type { CardState } from './step-view.ts';

export interface ChildProgress {
  /** “3 of 7 · Send mail”, in the end “7 of 7 steps”. */
  readonly text: string;
  /** The same with room. */
  readonly title: string;
}

/** More runs than these are not asked for one by one. */
const MOST_ASKED = 5;
/** Messages of children that were missed are not sent again. */
const LOOK_AGAIN_MS = 5_000;

/** How far the runs are that a node waits for: what was heard of them, and what is stored of the first few. */
export function useChildProgress(ids: readonly string[]): ChildProgress {
  const { definitionOf } = useEditor();
  const over = useRun((state) => isOver(state.status));
  const heard = useRun((state) => state.children.runs);
  const asked = ids.slice(0, MOST_ASKED);
  const runs = useQueries({
    queries: asked.map((execution_id) =>
      trpc.executions.get.queryOptions({ execution_id }, { refetchInterval: over ? false : LOOK_AGAIN_MS }),
    ),
  });
  const graphs = useQueries({
    queries: asked.map((execution_id) =>
      trpc.executions.graph.queryOptions({ execution_id }, { staleTime: Number.POSITIVE_INFINITY }),
    ),
  });
  let [done, total, ended]: [number, number | null, number] = [0, 0, 0];
  let at: string | null = null;
  for (const [index, id] of ids.entries()) {
    const { data: stored } = runs[index] ?? {};
    const { data: graph } = graphs[index] ?? {};
    const child = heard[id];
    const { [stored?.trigger_node_id ?? '']: _, ...nodes } = known(stored?.logs ?? [], child);
    done += endedIn(nodes);
    const steps = stored && graph ? stepsFrom(graph, stored.trigger_node_id, definitionOf) : null;
    total = total === null || steps === null ? null : total + steps;
    const isDone = stored !== undefined && isOver(stored.status);
    if (isDone) ended += 1;
    else at ??= child?.at ?? null;
  }
  const far = total === null || total < done ? `${done}` : `${done} of ${total}`;
  const many = ids.length > 1 ? `${over ? ids.length : `${ended} of ${ids.length}`} runs` : null;
  const steps = `${far} ${words(total ?? done)}`;
  const now = over || (total !== null && done >= total) ? null : at;
  const joined = (...parts: (string | null)[]): string => parts.filter((part) => part !== null).join(' · ');
  // A card has little room: which step it is at says more than the word.
  return { text: joined(many, now === null ? steps : far, now), title: joined(many, steps, now) };
}

const words = (count: number): string => (count === 1 ? 'step' : 'steps');

interface Logged {
  readonly node_id: string;
  readonly status: string;
}

/** What was heard is newer than what is stored. */
const known = (logs: readonly Logged[], child: ChildRun | undefined): ChildRun['nodes'] => ({
  ...Object.fromEntries(logs.map(({ node_id, status }) => [node_id, status as CardState])),
  ...child?.nodes,
});

/** How many nodes a run can come to from its trigger. */
function stepsFrom(graph: Graph, trigger: string, definitionOf: DefinitionOf): number {
  const { edges } = planesOf(graph, definitionOf).flow;
  const seen = new Set([trigger]);
  for (const id of seen) for (const edge of edges) if (edge.source === id) seen.add(edge.target);
  return seen.size - 1;
}
