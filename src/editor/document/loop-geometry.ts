import type { Graph } from '#domain/graph/graph.ts';
import { loopBodies } from '../canvas/graph-facts.ts';
import type { Rect } from './geometry.ts';

/** The area on the canvas that a loop repeats. */
export interface LoopFrame extends Rect {
  readonly loop: string;
  /** 0 for a loop in no other loop. */
  readonly depth: number;
  /** The lower border of everything the loop's way back has to pass. */
  readonly floor: number;
}

/** Room between the repeated cards and the border around them. */
export const PADDING = 32;
/** How far the way back runs below the floor. */
export const BELOW = 48;

type Bodies = ReadonlyMap<string, readonly string[]>;
type RectOf = (node: string) => Rect | undefined;

/** The frames of all loops that have a body, outer ones first. `rectOf` tells where a card is now. */
export function loopFrames(
  graph: Graph,
  definitionOf: Parameters<typeof loopBodies>[1],
  rectOf: RectOf,
): LoopFrame[] {
  const bodies = loopBodies(graph, definitionOf);
  if (bodies.size === 0) return [];
  const frames = new Map<string, LoopFrame>();
  // Smaller bodies lie inside larger ones, so they are measured first.
  const order = [...bodies].sort(([, a], [, b]) => a.length - b.length);
  for (const [loop, body] of order) {
    const frame = frameOf(loop, { bodies, frames, rectOf });
    if (frame) frames.set(loop, { ...frame, depth: depthOf(loop, body, bodies) });
  }
  return [...frames.values()].reverse();
}

function depthOf(loop: string, body: readonly string[], bodies: Bodies): number {
  return [...bodies].filter(
    ([other, around]) => other !== loop && around.length > body.length && around.includes(loop),
  ).length;
}

interface Known {
  readonly bodies: Bodies;
  readonly frames: ReadonlyMap<string, LoopFrame>;
  readonly rectOf: RectOf;
}

function frameOf(loop: string, { bodies, frames, rectOf }: Known): Omit<LoopFrame, 'depth'> | null {
  const rects: Rect[] = [];
  for (const id of bodies.get(loop) ?? []) {
    const rect = rectOf(id);
    if (rect) rects.push(rect);
    const inner = frames.get(id);
    // The inner loop's way back runs below its frame and belongs to the outer body.
    if (inner) rects.push(inner, { ...inner, height: inner.floor + BELOW - inner.y });
  }
  if (rects.length === 0) return null;
  const left = Math.min(...rects.map((one) => one.x)) - PADDING;
  const top = Math.min(...rects.map((one) => one.y)) - PADDING;
  const right = Math.max(...rects.map((one) => one.x + one.width)) + PADDING;
  const lowest = Math.max(...rects.map((one) => one.y + one.height));
  const card = rectOf(loop);
  const floor = Math.max(lowest, card ? card.y + card.height : lowest);
  return { loop, x: left, y: top, width: right - left, height: lowest + PADDING - top, floor };
}
