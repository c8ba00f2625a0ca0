import type { Graph } from '#domain/graph/graph.ts';
import { type Problem, validateGraph } from '#domain/graph/validate.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';

/** @throws AppError `invalid` with what is wrong, if anything is. */
export function refuseProblems(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new AppError('invalid', { validation_errors: problems.map((problem) => problem.message) });
}

const known = new WeakMap<Graph, readonly Problem[]>();

/** A version's graph never changes, so its problems are worked out once. */
export function problemsOf(graph: Graph, definitionOf: DefinitionOf): readonly Problem[] {
  let problems = known.get(graph);
  if (!problems) {
    problems = validateGraph(graph, definitionOf);
    known.set(graph, problems);
  }
  return problems;
}
