import type { Point } from '../document/geometry.ts';
import { BELOW } from '../document/loop-geometry.ts';

const OUT = 18;
const RADIUS = 12;

export interface ReturnPath {
  readonly path: string;
  readonly middle: Point;
}

/**
 * The way back from the end of a loop's body: out to the right, down below everything that is repeated, left, and up
 * to the loop's return port. `floor` is the lower border of the lowest card that it passes.
 */
export function returnPath(source: Point, target: Point, floor: number): ReturnPath {
  const right = source.x + OUT;
  const left = target.x - OUT;
  const bottom = Math.max(floor, source.y, target.y) + BELOW;
  const corner = RADIUS;
  const path = [
    `M${source.x} ${source.y}`,
    `H${right - corner}`,
    `Q${right} ${source.y} ${right} ${source.y + corner}`,
    `V${bottom - corner}`,
    `Q${right} ${bottom} ${right - corner} ${bottom}`,
    `H${left + corner}`,
    `Q${left} ${bottom} ${left} ${bottom - corner}`,
    `V${target.y + corner}`,
    `Q${left} ${target.y} ${left + corner} ${target.y}`,
    `H${target.x}`,
  ].join('');
  return { path, middle: { x: (right + left) / 2, y: bottom } };
}
