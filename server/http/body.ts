import type { IncomingMessage } from 'node:http';
import { AppError } from '#domain/problem.ts';

/**
 * The request's body.
 * @throws AppError `too_large` once more than `limit` bytes are announced or have arrived, `bad_request` when the
 * caller hung up half-way.
 */
export function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  const announced = Number(incoming.headers['content-length'] ?? 0);
  if (announced > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const stop = (): void => {
      incoming.off('data', take);
      incoming.off('end', done);
      incoming.off('error', broken);
      incoming.off('aborted', broken);
    };
    const take = (part: Buffer): void => {
      size += part.length;
      if (size <= limit) parts.push(part);
      else {
        stop();
        // What still comes is thrown away, so that the caller gets to read the answer.
        incoming.resume();
        reject(tooLarge(limit));
      }
    };
    const done = (): void => {
      stop();
      resolve(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts));
    };
    const broken = (): void => {
      stop();
      reject(new AppError('bad_request', 'The request ended before its body was complete.'));
    };
    incoming.on('data', take);
    incoming.on('end', done);
    incoming.on('error', broken);
    incoming.on('aborted', broken);
  });
}

function tooLarge(limit: number): AppError {
  const size = limit >= 1024 * 1024 ? `${limit / 1024 / 1024} MiB` : `${limit} bytes`;
  return new AppError('too_large', `The request body is larger than ${size}.`);
}

/** `application/json` and its relatives. */
export function isJson(contentType: string | undefined): boolean {
  return /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType ?? '');
}
