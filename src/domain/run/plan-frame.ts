import type { Frames } from '../graph/frame.ts';
import type { Growing, GrowingEdge, GrowingNode } from './growing.ts';
import type { PlannedFrame } from './planned.ts';

type GrowingFrame = Growing<PlannedFrame>;

/** Puts every node and edge into its frame. @returns the frames, the run itself first. */
export function placeInFrames(
  nodes: readonly GrowingNode[],
  edges: readonly GrowingEdge[],
  frames: Frames,
): readonly PlannedFrame[] {
  const root = newFrame(0, 'run', null, null);
  const all = [root];
  if (frames.kinds.size === 0) {
    for (const node of nodes) place(node, root);
  } else placeAll(nodes, frames, all);
  for (const edge of edges) placeEdge(edge);
  return all;
}

function newFrame(
  index: number,
  kind: PlannedFrame['kind'],
  opener: GrowingNode | null,
  parent: GrowingFrame | null,
): GrowingFrame {
  return {
    index,
    kind,
    opener,
    parent,
    nodes: [],
    eachFrames: [],
    edgeCount: 0,
    inherited: [],
    bodyEdges: [],
  };
}

function place(node: GrowingNode, frame: GrowingFrame): void {
  node.frame = frame;
  node.slot = frame.nodes.length;
  frame.nodes.push(node);
}

function placeAll(nodes: readonly GrowingNode[], frames: Frames, all: GrowingFrame[]): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const byOpener = new Map<string, GrowingFrame>();
  const frameOf = (chain: readonly string[]): GrowingFrame => {
    const id = chain.at(-1);
    if (id === undefined) return all[0] as GrowingFrame;
    const known = byOpener.get(id);
    if (known) return known;
    const kind = frames.kinds.get(id) ?? 'loop';
    const opener = byId.get(id) ?? null;
    const parent = frameOf(chain.slice(0, -1));
    const frame = newFrame(all.length, kind, opener, parent);
    all.push(frame);
    byOpener.set(id, frame);
    if (kind === 'each') parent.eachFrames.push(frame);
    else if (opener) opener.opens = frame;
    return frame;
  };
  for (const node of nodes) place(node, frameOf(frames.around.get(node.id) ?? []));
}

function placeEdge(edge: GrowingEdge): void {
  const source = edge.source as GrowingNode;
  const target = edge.target as GrowingNode;
  const body = source.opens as GrowingFrame | null;
  const home = (edge.role === 'body' && body ? body : source.frame) as GrowingFrame;
  edge.home = home;
  edge.slot = home.edgeCount;
  home.edgeCount += 1;
  const around = target.frame as GrowingFrame;
  edge.into = around;
  if (edge.role === 'return') return;
  // Whoever runs for each arrival lies in its own frame, so an edge from outside that frame is an arrival.
  if (around.kind === 'each' && around.opener === target && around.parent) {
    edge.isArrival = true;
    edge.into = around.parent;
  }
  if (edge.role === 'body') home.bodyEdges.push(edge);
  if (edge.into !== home) (edge.into as GrowingFrame).inherited.push(edge);
}
