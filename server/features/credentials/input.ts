import { type Detail, DetailError, mergeDetail } from '#domain/credential/detail.ts';
import { hostPattern } from '#domain/credential/host.ts';
import type { CredentialType } from '#domain/credential/kind.ts';
import { AppError } from '#domain/problem.ts';

const MAX_BYTES = 128 * 1024;

const fieldProblem = (loc: readonly (string | number)[], msg: string): AppError =>
  new AppError('invalid', [{ type: 'value_error', loc: ['body', ...loc], msg }]);

/** A detail as it shall be stored. @throws AppError `invalid` naming the field, never its value */
export function detailFrom(type: CredentialType, stored: Detail, given: Detail): Detail {
  try {
    const merged = mergeDetail(type, stored, given);
    if (Buffer.byteLength(JSON.stringify(merged)) <= MAX_BYTES) return merged;
  } catch (error) {
    if (!(error instanceof DetailError)) throw error;
    throw fieldProblem(['detail', ...error.field.split('.')], error.message);
  }
  throw fieldProblem(['detail'], `A credential may have at most ${MAX_BYTES / 1024} KiB.`);
}

/** @throws AppError `invalid` naming the entry that is no host */
export function hostsFrom(given: readonly string[]): string[] {
  const hosts = given.map((text, index) => {
    const pattern = hostPattern(text);
    if (pattern !== null) return pattern;
    throw fieldProblem(
      ['hosts', index],
      'This is no host. Write example.com, *.example.com or example.com:8443.',
    );
  });
  return [...new Set(hosts)];
}
