import type { Point } from '../document/geometry.ts';

/** How far above a part its wire turns; higher up is where free slots have their “+”. */
const TURN = 18;
const RADIUS = 10;

/**
 * The wire from a part up to a slot: straight up, across just above the part, and up again. Null when the part does
 * not lie below its slot, so that there is no room for it.
 */
export function plugPath(part: Point, slot: Point): { path: string; middle: Point } | null {
  const turn = part.y - TURN;
  if (turn - RADIUS < slot.y) return null;
  const dx = slot.x - part.x;
  // Several parts share the upper half of the way; what is said of one stands by that one.
  const middle = { x: part.x, y: turn };
  if (Math.abs(dx) < 1) return { path: `M${part.x} ${part.y}V${slot.y}`, middle };
  const corner = Math.min(RADIUS, Math.abs(dx) / 2);
  const side = Math.sign(dx) * corner;
  const path = [
    `M${part.x} ${part.y}`,
    `V${turn + Math.min(corner, TURN)}`,
    `Q${part.x} ${turn} ${part.x + side} ${turn}`,
    `H${slot.x - side}`,
    `Q${slot.x} ${turn} ${slot.x} ${turn - corner}`,
    `V${slot.y}`,
  ].join('');
  return { path, middle };
}
