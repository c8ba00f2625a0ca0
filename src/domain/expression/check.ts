import { suggestion } from './nearest.ts';
import type { Reference } from './reference.ts';
import { referencesOf, type Template } from './template.ts';

/** What a template may refer to, as far as the drawing tells. */
export interface KnownNames {
  /** Ids of the nodes whose outputs can be there when the template is rendered. */
  nodeIds: readonly string[];
  /** Output ports of a node; null when they are not known beforehand. */
  portsOf(id: string): readonly string[] | null;
}

/** A reference that cannot work. `from` and `to` are offsets in the template. */
export interface ReferenceProblem {
  message: string;
  text: string;
  from: number;
  to: number;
}

/** Roots every template has besides the node ids. */
export const CONTEXT_ROOTS: readonly string[] = ['trigger', 'nodes', 'inputs', 'run', 'loop'];

/** Finds references to nodes and ports that do not exist, each with the nearest name that does. */
export function checkReferences(template: Template, known: KnownNames): ReferenceProblem[] {
  return referencesOf(template).flatMap((reference) => {
    const message = problemOf(reference, known);
    return message === null
      ? []
      : [{ message, text: reference.text, from: reference.from, to: reference.to }];
  });
}

function problemOf({ path }: Reference, known: KnownNames): string | null {
  const root = String(path[0]);
  if (root === 'nodes') {
    return path[1] === undefined ? null : problemOfNode(String(path[1]), path[2], known, known.nodeIds);
  }
  if (CONTEXT_ROOTS.includes(root)) return null;
  return problemOfNode(root, path[1], known, [...known.nodeIds, ...CONTEXT_ROOTS]);
}

function problemOfNode(
  id: string,
  port: string | number | undefined,
  known: KnownNames,
  candidates: readonly string[],
): string | null {
  if (!known.nodeIds.includes(id)) {
    return `No node called “${id}” comes before this one.${suggestion(id, candidates)}`;
  }
  const ports = known.portsOf(id);
  if (port === undefined || ports === null || ports.includes(String(port))) return null;
  const hint = suggestion(String(port), ports) || ` It has: ${ports.join(', ') || 'none'}.`;
  return `Node “${id}” has no output “${port}”.${hint}`;
}
