import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, type Zlib } from 'node:zlib';
import { EgressError } from './egress-error.ts';

/** More encodings on top of each other than this are an attack, not an answer. */
const MAX_ENCODINGS = 2;

export interface BodyLimits {
  /** Most bytes, counted after inflating. */
  maxBytes: number;
  encoding: string | undefined;
  contentType: string | undefined;
}

/**
 * Reads a body as text, inflating it on the way and stopping at the limit.
 * @throws EgressError `too_large`, or `unreachable` for a body that cannot be inflated
 */
export async function readBody(
  body: Readable,
  { maxBytes, encoding, contentType }: BodyLimits,
): Promise<string> {
  const stages = inflaters(encoding);
  const stream = inflatedBy(stages, body);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    if (isZlibError(error)) {
      throw new EgressError(
        'unreachable',
        'The answer arrived damaged: its compression cannot be read.',
        error,
      );
    }
    throw error;
  } finally {
    for (const stage of stages) stage.destroy();
    body.destroy();
  }
  return decode(Buffer.concat(chunks), contentType);
}

export function tooLarge(maxBytes: number): EgressError {
  const size = maxBytes >= 1024 * 1024 ? `${Math.round(maxBytes / 1024 / 1024)} MiB` : `${maxBytes} bytes`;
  return new EgressError(
    'too_large',
    `The answer is larger than ${size}. Ask for less, for example page by page.`,
  );
}

/** A body as it was before it was compressed. @throws EgressError for one that is compressed several times over */
export const inflated = (body: Readable, encoding: string | undefined): Readable =>
  inflatedBy(inflaters(encoding), body);

const inflatedBy = (stages: readonly Inflater[], body: Readable): Readable =>
  stages.reduce<Readable>((from, stage) => pass(from, stage), body);

type Inflater = Readable & Zlib & NodeJS.WritableStream;

/** The inflaters for a Content-Encoding, last applied first. An unknown encoding is left as it came. */
function inflaters(encoding: string | undefined): Inflater[] {
  const names = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const known = names.filter((name) => name !== '' && name !== 'identity').reverse();
  if (known.length > MAX_ENCODINGS) {
    throw new EgressError('unreachable', 'The answer is compressed several times over, which is not read.');
  }
  const stages: Inflater[] = [];
  for (const name of known) {
    if (name === 'gzip' || name === 'x-gzip') stages.push(createGunzip());
    else if (name === 'deflate') stages.push(createInflate());
    else if (name === 'br') stages.push(createBrotliDecompress());
    else break;
  }
  return stages;
}

/** Like pipe, but an error of the source also ends the stage, so that the reader hears of it. */
function pass(from: Readable, stage: Inflater): Readable {
  from.on('error', (error) => stage.destroy(error));
  from.pipe(stage);
  return stage;
}

function isZlibError(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return typeof error.code === 'string' && /^(Z_|ERR_(_ERROR|BROTLI|ZLIB|.*FORMAT|PADDING))/.test(error.code);
}

function decode(bytes: Buffer, contentType: string | undefined): string {
  const charset = /charset="?([\w.:-]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    // A charset nobody knows: UTF-8 is the likeliest.
    return new TextDecoder().decode(bytes);
  }
}
