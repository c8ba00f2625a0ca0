import { createHmac, randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Database } from '#server/db/schema.ts';

const COUNT = 10;
const BYTES = 10;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** 80 bits as 16 characters in groups of four. */
function newCode(): string {
  let bits = 0n;
  for (const byte of randomBytes(BYTES)) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let at = 0; at < (BYTES * 8) / 5; at += 1) {
    text += ALPHABET[Number(bits & 31n)];
    bits >>= 5n;
  }
  return text.match(/.{4}/g)?.join('-') ?? text;
}

/** Keyed with the TOTP secret, which is sealed: the rows alone do not allow to try codes. */
function hashOf(code: string, totpSecret: string): Buffer {
  const plain = code.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return createHmac('sha256', totpSecret).update('pipewright recovery code').update(plain).digest();
}

/** Makes ten new codes; those from before stop working. @returns them, for this once. */
export async function renewRecoveryCodes(
  trx: Transaction<Database>,
  userId: number,
  totpSecret: string,
): Promise<string[]> {
  const codes = Array.from({ length: COUNT }, newCode);
  await trx.deleteFrom('mfa_recovery_codes').where('user_id', '=', userId).execute();
  await trx
    .insertInto('mfa_recovery_codes')
    .values(codes.map((code) => ({ user_id: userId, code_hash: hashOf(code, totpSecret) })))
    .execute();
  return codes;
}

/** Uses a code up. @returns whether there was one. */
export async function spendRecoveryCode(
  trx: Transaction<Database>,
  userId: number,
  { code, totpSecret }: { readonly code: string; readonly totpSecret: string },
): Promise<boolean> {
  const spent = await trx
    .deleteFrom('mfa_recovery_codes')
    .where('user_id', '=', userId)
    .where('code_hash', '=', hashOf(code, totpSecret))
    .returning('user_id')
    .executeTakeFirst();
  return spent !== undefined;
}
