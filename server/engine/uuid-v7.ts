import { randomFillSync } from 'node:crypto';

const POOL = 4096;
const pool = Buffer.allocUnsafe(POOL);
let used = POOL;
let lastTime = 0;
let counter = 0;

/** A new uuid of version 7: sorts by the time it was made, within this process strictly. */
export function uuidV7(now = Date.now()): string {
  if (now > lastTime) {
    lastTime = now;
    counter = 0;
  } else {
    counter += 1;
    // Twelve bits order the ids of one millisecond; past them we borrow from the next.
    if (counter > 0xfff) {
      lastTime += 1;
      counter = 0;
    }
  }
  if (used + 8 > POOL) {
    randomFillSync(pool);
    used = 0;
  }
  const time = lastTime.toString(16).padStart(12, '0');
  const variant = ((pool[used] ?? 0) & 0x3f) | 0x80;
  const random = pool.toString('hex', used + 1, used + 8);
  used += 8;
  const third = (0x7000 | counter).toString(16);
  const tail = variant.toString(16) + random;
  return `${time.slice(0, 8)}-${time.slice(8)}-${third}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
