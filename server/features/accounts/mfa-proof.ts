import { AppError } from '#domain/problem.ts';
import type { Proof } from './mfa-factor.ts';

/** As it comes in a body; the contract has checked the forms. */
export interface GivenProof {
  readonly code?: string | undefined;
  readonly recovery_code?: string | undefined;
}

export const codeOnly = (code: string): Proof => ({ kind: 'code', code });

/** @throws AppError `invalid` when there is neither, as if `code` were required: the published body has only that. */
export function proofOf({ code, recovery_code }: GivenProof): Proof {
  if (code !== undefined) return codeOnly(code);
  if (recovery_code !== undefined) return { kind: 'recovery', code: recovery_code };
  throw new AppError('invalid', [{ type: 'missing', loc: ['body', 'code'], msg: 'Field required' }]);
}
