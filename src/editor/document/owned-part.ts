import type { Graph } from '#domain/graph/graph.ts';
import { hostsOf, planesOf, withParts } from '#domain/graph/plug.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { onlyParts } from '../canvas/graph-facts.ts';

/** The nodes with everything that is plugged into them and does nothing else: an agent is nothing without its model. */
export function withOwnParts(
  graph: Graph,
  ids: ReadonlySet<string>,
  definitionOf: DefinitionOf,
): ReadonlySet<string> {
  const parts = onlyParts(graph, definitionOf);
  const all = withParts(ids, planesOf(graph, definitionOf).plugs);
  return new Set([...all].filter((id) => ids.has(id) || parts.has(id)));
}

/** Of {@link withOwnParts}, what nobody else uses: it can go with them. */
export function goingWith(
  graph: Graph,
  ids: ReadonlySet<string>,
  definitionOf: DefinitionOf,
): ReadonlySet<string> {
  const { plugs } = planesOf(graph, definitionOf);
  const going = new Set(withOwnParts(graph, ids, definitionOf));
  for (let before = -1; before !== going.size; ) {
    before = going.size;
    for (const id of going) {
      const isWanted = [...hostsOf(id, plugs)].some((host) => !going.has(host));
      if (isWanted && !ids.has(id)) going.delete(id);
    }
  }
  return going;
}
