import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** PostgreSQL takes less than 8,000 bytes in one notification. */
const PIECE_BYTES = 7000;

/**
 * Sends texts of any length over NOTIFY, in order, when the transaction commits. A long text goes as several
 * notifications, which {@link Assembler} puts together again.
 */
export async function notifyLarge(
  db: Kysely<Database>,
  channel: string,
  texts: readonly string[],
): Promise<void> {
  if (texts.length === 0) return;
  const pieces = texts.flatMap(piecesOf);
  await sql`select pg_notify(${channel}, piece) from unnest(${pieces}::text[]) as piece`.execute(db);
}

function piecesOf(text: string): string[] {
  const bytes = Buffer.from(text);
  // Equal notifications of one transaction are sent once, so every piece carries a name of its own.
  const id = randomUUID();
  if (bytes.length <= PIECE_BYTES) return [`${id} 1/1 ${text}`];
  const count = Math.ceil(bytes.length / ((PIECE_BYTES / 4) * 3));
  const size = Math.ceil(bytes.length / count);
  return Array.from({ length: count }, (_, n) => {
    const part = bytes.subarray(n * size, (n + 1) * size).toString('base64');
    return `${id} ${n + 1}/${count} ${part}`;
  });
}

/** Puts the pieces of {@link notifyLarge} together. Pieces of one text arrive in order. */
export class Assembler {
  #id = '';
  #parts: Buffer[] = [];

  /** @returns the text once its last piece is here, else null. */
  take(piece: string): string | null {
    const [id = '', place = ''] = piece.split(' ', 2);
    const content = piece.slice(id.length + place.length + 2);
    if (place === '1/1') return content;
    const [n, count] = place.split('/').map(Number);
    if (n === 1) {
      this.#id = id;
      this.#parts = [];
    }
    // After a lost connection the first pieces of a text may be missing.
    if (id !== this.#id || n !== this.#parts.length + 1) return null;
    this.#parts.push(Buffer.from(content, 'base64'));
    return n === count ? Buffer.concat(this.#parts).toString() : null;
  }
}
