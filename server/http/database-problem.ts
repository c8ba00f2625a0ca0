import { AppError } from '#domain/problem.ts';

const CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
const CONNECTION_TEXT =
  /connection terminated|timeout exceeded when trying to connect|connection timeout|client has encountered a connection error|not queryable/i;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** A transaction that lost against another one and may simply be tried again. */
export function isSerialisationFailure(error: unknown): boolean {
  return ['40001', '40P01', '55P03'].includes(codeOf(error));
}

export function isDatabaseDown(error: unknown): boolean {
  const code = codeOf(error);
  if (/^(08|57P|57014|3D000|28|53)/.test(code) || CONNECTION.has(code)) return true;
  return error instanceof Error && CONNECTION_TEXT.test(error.message);
}

/** What PostgreSQL refused, as the problem it is for the caller; null for what can only be a mistake of ours. */
export function databaseProblem(error: unknown): AppError | null {
  if (isDatabaseDown(error)) {
    return new AppError('unavailable', 'The database cannot be reached. Try again in a moment.', {
      retryAfterSeconds: 1,
    });
  }
  if (isSerialisationFailure(error)) {
    return new AppError('unavailable', 'Too many changes at the same place. Try again in a moment.', {
      retryAfterSeconds: 1,
    });
  }
  const code = codeOf(error);
  if (/^22[0-9A-Z]{3}$/.test(code)) {
    return new AppError('invalid', 'A value is out of range or cannot be stored.');
  }
  if (code === '23505') return new AppError('conflict', 'That already exists.');
  if (code === '23503') return new AppError('invalid', 'A value refers to something that does not exist.');
  return null;
}
