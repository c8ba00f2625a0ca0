import type { InputOf } from '#contract/contract.ts';
import { type Detail, secretsOf, usualHosts } from '#domain/credential/detail.ts';
import { covers } from '#domain/credential/host.ts';
import type { CredentialType } from '#domain/credential/kind.ts';
import { AppError } from '#domain/problem.ts';
import { hostsFrom } from './input.ts';

/** What a credential is and where it may go, before and after a change. */
export interface Rebinding {
  readonly type: CredentialType;
  /** Null: the usual ones. */
  readonly hosts: readonly string[] | null;
  readonly stored: Detail;
  readonly changed: Detail;
  readonly given: InputOf<'credentials', 'update'>['hosts'];
}

/**
 * The hosts to store, or undefined to leave them. Whoever may change a credential need not know its secret, so a
 * kept secret goes nowhere new: hosts that are named are refused, and a new address leaves the binding as it was.
 * @throws AppError `invalid`
 */
export function reboundHosts(change: Rebinding): string[] | null | undefined {
  const { type, hosts, stored, changed, given } = change;
  const named = given === undefined || given === null ? given : hostsFrom(given);
  const before = hosts ?? usualHosts(type, stored);
  const after = (named === undefined ? hosts : named) ?? usualHosts(type, changed);
  const known = new Set(secretsOf(type, stored));
  const keepsSecret = secretsOf(type, changed).some((one) => known.has(one));
  const isWider = after.some((host) => !covers(before, host));
  if (!keepsSecret) {
    // A new secret frees the binding that was kept for the old one, where it shuts out its own address.
    const own = usualHosts(type, changed);
    return named === undefined && !own.every((host) => covers(before, host)) ? null : named;
  }
  if (!isWider) return named;
  if (named === undefined) return [...before];
  const loc =
    named === null && stored['base_url'] !== changed['base_url'] ? ['detail', 'base_url'] : ['hosts'];
  const msg = 'To send this credential to another host, enter its secret again.';
  throw new AppError('invalid', [{ type: 'value_error', loc: ['body', ...loc], msg }]);
}
