/** As many planes as bits of a signature. */
export const SIGNATURE_BITS = 512;

/** PostgreSQL refuses a `real` nearer to zero than it can hold. */
const LEAST_REAL = 1e-37;

/** A vector of length one in the same direction; null where it has none, or is no vector of numbers. */
export function unitVector(vector: readonly number[]): number[] | null {
  const length = Math.hypot(...vector);
  if (!Number.isFinite(length) || length === 0) return null;
  return vector.map((one) => (Math.abs(one / length) < LEAST_REAL ? 0 : one / length));
}

/** How alike two vectors of length one are: 1 for the same direction, 0 for nothing in common. */
export const similarityOf = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, one, at) => sum + one * (b[at] ?? 0), 0);

/**
 * On which side of each of 512 planes through the origin a vector lies, as 0s and 1s. The smaller the angle between
 * two vectors, the fewer bits differ, so that few bits find those worth comparing. The planes are the same for every
 * vector of a length, in every process and for ever: stored signatures depend on them.
 */
export function signatureOf(vector: readonly number[]): string {
  const planes = planesFor(vector.length);
  const given = Float64Array.from(vector);
  let bits = '';
  for (let start = 0; start < planes.length; start += given.length) {
    let side = 0;
    // Half a million products and more: no iterator, and both are as long as the loop.
    for (let at = 0; at < given.length; at += 1)
      side += (given[at] as number) * (planes[start + at] as number);
    bits += side > 0 ? '1' : '0';
  }
  return bits;
}

const KEPT = 4;
const known = new Map<number, Int8Array>();

/** Directions of 1 and -1 in turn, as a generator that knows nothing but its seed throws them. */
function planesFor(dimensions: number): Int8Array {
  const made = known.get(dimensions);
  if (made) return made;
  const planes = new Int8Array(SIGNATURE_BITS * dimensions);
  let state = 0x9e_37_79_b9;
  for (let at = 0; at < planes.length; at += 1) {
    // Xorshift of 32 bits.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    planes[at] = (state >>> 16) & 1 ? 1 : -1;
  }
  const [oldest] = known.keys();
  if (known.size >= KEPT && oldest !== undefined) known.delete(oldest);
  known.set(dimensions, planes);
  return planes;
}
