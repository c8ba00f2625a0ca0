import { dictionary } from '@zxcvbn-ts/language-common';
import { AppError } from '#domain/problem.ts';
import type { Viewer } from '../handler.ts';

/** Commonest first, in lower case. */
const COMMONEST = 10_000;
const common = new Set(dictionary['passwords-common'].slice(0, COMMONEST));

const folded = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/**
 * Refuses what everybody tries first: the commonest passwords, and the username. Only from people in a browser:
 * programs that come with a key are promised that eight characters will do.
 * @throws AppError `invalid`
 */
export function refuseCommonPassword(
  { credential }: Pick<Viewer, 'credential'>,
  password: string,
  username: string,
): void {
  if (credential.kind === 'key') return;
  const plain = folded(password);
  if (plain === folded(username)) throw refusal('The password must not be the username.');
  if (common.has(plain)) throw refusal('This password is one of the most common ones. Choose another.');
}

const refusal = (msg: string): AppError =>
  new AppError('invalid', [{ type: 'value_error', loc: ['body', 'password'], msg }]);
