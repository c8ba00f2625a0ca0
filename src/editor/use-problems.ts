import { useEffect } from 'react';
import { type Problem, validateGraph } from '#domain/graph/validate.ts';
import type { EditorParts, ProblemIndex } from './editor-context.ts';

const CALM_MS = 250;

/** Keeps the list of problems in step with the graph, a moment after the last change. */
export function useProblemCheck({ document, problems, definitionOf }: EditorParts): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const check = (): void => {
      const all = validateGraph(document.store.getState().graph, definitionOf);
      problems.setState(indexed(all, problems.getState()), true);
    };
    check();
    const leave = document.store.subscribe((next, before) => {
      if (next.graph === before.graph) return;
      clearTimeout(timer);
      timer = setTimeout(check, CALM_MS);
    });
    return () => {
      clearTimeout(timer);
      leave();
    };
  }, [document, problems, definitionOf]);
}

/** Problems by node; a node whose problems are the same keeps its list, so that its card is not drawn again. */
export function indexed(all: readonly Problem[], before: ProblemIndex): ProblemIndex {
  const byNode: Record<string, Problem[]> = {};
  for (const problem of all) {
    if (problem.nodeId === undefined) continue;
    byNode[problem.nodeId] ??= [];
    byNode[problem.nodeId]?.push(problem);
  }
  const shared = Object.entries(byNode).map(([id, list]) => {
    const old = before.byNode[id];
    return [id, old && JSON.stringify(old) === JSON.stringify(list) ? old : list] as const;
  });
  return { all, byNode: Object.fromEntries(shared) };
}
