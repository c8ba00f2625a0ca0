import type { Graph } from '#domain/graph/graph.ts';
import { planesOf } from '#domain/graph/plug.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** From one card to the next, wide and high enough for any of them. */
const COLUMN = 360;
const ROW = 208;
const PART = 248;
const PART_DROP = 232;

/**
 * Where the new nodes of a graph go: steps right of what leads to them, parts below what they are plugged into, none
 * on top of another. Nodes that are not new stay where they are.
 */
export function placesOf(
  graph: Graph,
  fresh: ReadonlySet<string>,
  definitionOf: DefinitionOf,
): ReadonlyMap<string, Point> {
  const { flow, plugs } = planesOf(graph, definitionOf);
  const places = new Map<string, Point>(
    graph.nodes.filter(({ id }) => !fresh.has(id)).map(({ id, x, y }) => [id, { x, y }]),
  );
  const parts = new Set(plugs.map(({ source }) => source));
  const flowing = new Set(flow.edges.flatMap(({ source, target }) => [source, target]));
  const isPart = (id: string): boolean => parts.has(id) && !flowing.has(id);
  const steps = graph.nodes.filter(({ id }) => fresh.has(id) && !isPart(id)).map(({ id }) => id);
  const start = startOf([...places.values()]);
  const waiting = new Set(steps);
  while (waiting.size > 0) {
    // Whatever nothing unplaced leads to comes first; in a circle, whichever is next.
    const ready = [...waiting].find((id) =>
      flow.edges.every(({ source, target }) => target !== id || !waiting.has(source) || source === id),
    );
    const [id = ''] = ready === undefined ? waiting : [ready];
    waiting.delete(id);
    const before = flow.edges.flatMap(({ source, target }) =>
      target === id ? (places.get(source) ?? []) : [],
    );
    const wish =
      before.length > 0
        ? { x: Math.max(...before.map(({ x }) => x)) + COLUMN, y: before[0]?.y ?? start.y }
        : start;
    places.set(id, free(places, wish, { x: 0, y: ROW }));
  }
  for (const { source, target } of plugs) {
    const host = places.get(target);
    if (!fresh.has(source) || places.has(source)) continue;
    const wish = host ? { x: host.x - 40, y: host.y + PART_DROP } : start;
    places.set(source, free(places, wish, { x: PART, y: 0 }));
  }
  for (const id of fresh) if (!places.has(id)) places.set(id, free(places, start, { x: 0, y: ROW }));
  return places;
}

/** Below everything that is there. */
function startOf(places: readonly Point[]): Point {
  if (places.length === 0) return { x: 0, y: 0 };
  return { x: Math.min(...places.map(({ x }) => x)), y: Math.max(...places.map(({ y }) => y)) + 2 * ROW };
}

/** The wished place, moved on until no card is near. */
function free(places: ReadonlyMap<string, Point>, wish: Point, by: Point): Point {
  let place = wish;
  const taken = [...places.values()];
  while (taken.some(({ x, y }) => Math.abs(x - place.x) < 232 && Math.abs(y - place.y) < 160)) {
    place = { x: place.x + by.x, y: place.y + by.y };
  }
  return place;
}
