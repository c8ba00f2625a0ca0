import { createHash } from 'node:crypto';
import { column } from './text-column.ts';

/** JSON of a step above this many bytes is stored once by its hash, outside the step's row. */
export const MAX_INLINE_BYTES = 256 * 1024;

/** What is stored under a hash. */
interface Blob {
  /** Hex SHA-256 of the text. */
  readonly hash: string;
  readonly json: string;
  readonly bytes: number;
}

/** Whether JSON text does not belong into a row. Cheap for small texts, which almost all are. */
export function isLarge(json: string | null): json is string {
  if (json === null || json.length * 3 <= MAX_INLINE_BYTES) return false;
  return json.length > MAX_INLINE_BYTES || Buffer.byteLength(json) > MAX_INLINE_BYTES;
}

const blobOf = (json: string): Blob => {
  const bytes = Buffer.from(json);
  return { hash: createHash('sha256').update(bytes).digest('hex'), json, bytes: bytes.length };
};

/** The text, unless it is large. */
export const inlineJson = (json: string | null): string | null => (isLarge(json) ? null : json);

export const HASH_COLUMNS = ['input_hash', 'output_hash'];
export const BLOB_COLUMNS = ['hash', 'body', 'bytes'];

interface Step {
  readonly inputJson: string | null;
  readonly outputJson: string | null;
}

export const hasLarge = (steps: readonly Step[]): boolean =>
  steps.some((step) => isLarge(step.outputJson) || isLarge(step.inputJson));

/** Parameters for {@link HASH_COLUMNS}, one row a step, and {@link BLOB_COLUMNS}, one row a content. */
export function largeColumns(steps: readonly Step[]): string[] {
  const blobs = new Map<string, Blob>();
  const keep = (json: string | null): string | null => {
    if (!isLarge(json)) return null;
    const blob = blobOf(json);
    blobs.set(blob.hash, blob);
    return blob.hash;
  };
  const inputs = steps.map((step) => keep(step.inputJson));
  const outputs = steps.map((step) => keep(step.outputJson));
  const all = [...blobs.values()];
  return [
    column(inputs),
    column(outputs),
    column(all.map((blob) => blob.hash)),
    column(all.map((blob) => blob.json)),
    column(all.map((blob) => blob.bytes)),
  ];
}
