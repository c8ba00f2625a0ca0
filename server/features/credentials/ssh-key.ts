import { createPrivateKey } from 'node:crypto';

const OPENSSH =
  /^-----BEGIN OPENSSH PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+?)\s+-----END OPENSSH PRIVATE KEY-----\s*$/;
const MAGIC = Buffer.from('openssh-key-v1\0');

/** What is wrong with a private key; empty: it can be read. Nothing of the key is in the answer. */
export function sshKeyProblem(text: string): string {
  const key = text.trim();
  if (key === '') return 'There is no private key.';
  const openssh = OPENSSH.exec(key);
  if (openssh) return opensshProblem(Buffer.from(openssh[1] ?? '', 'base64'));
  try {
    createPrivateKey(key);
    return '';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return /PASSPHRASE|INTERRUPTED_OR_CANCELLED/.test(code)
      ? 'The private key is protected by a passphrase, which runs cannot enter.'
      : 'This is no private key. Paste the whole file, from BEGIN to END.';
  }
}

/** Magic, then cipher, key derivation and its options, the number of keys and the public key. */
function opensshProblem(bytes: Buffer): string {
  const damaged = 'The private key is damaged. Paste the whole file, from BEGIN to END.';
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return damaged;
  let at = MAGIC.length;
  const next = (): Buffer | null => {
    if (at + 4 > bytes.length) return null;
    const length = bytes.readUInt32BE(at);
    const part = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return part.length === length ? part : null;
  };
  const cipher = next();
  const derivation = next();
  const options = next();
  if (!cipher || !derivation || !options || at + 4 > bytes.length) return damaged;
  at += 4;
  const publicKey = next();
  const secret = next();
  if (!publicKey || !secret || secret.length === 0) return damaged;
  return cipher.toString() === 'none'
    ? ''
    : 'The private key is protected by a passphrase, which runs cannot enter.';
}
