import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** What a sealed value belongs to. It opens nowhere else: a value copied into another row stays shut. */
export interface SealPlace {
  /** Environment id, or user id for what belongs to an account. */
  readonly tenant: string;
  /** The row's uid or id. */
  readonly row: string;
  /** Table and column. */
  readonly field: string;
}

/** Ciphertext with its own key in it, wrapped by the key named `keyId`. */
export interface Sealed {
  readonly sealed: Buffer;
  readonly keyId: string;
}

/** A sealed value whose key is not here, or that was changed or moved. Its message holds no secret. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

const FORMAT = 1;
const NONCE = 12;
const TAG = 16;
const KEY = 32;
const WRAPPED = NONCE + KEY + TAG;

/**
 * Envelope encryption: every value has a random AES-256-GCM key of its own, which is wrapped by a key derived from
 * the installation's secret. `secrets` are those texts, the current one first; older ones only open.
 * Layout: format byte, wrapped key (nonce, key, tag), value (nonce, ciphertext, tag). The place is authenticated.
 */
export class Sealer {
  /** By secret, so that none is derived twice. */
  readonly #derived = new Map<string, string>();
  readonly #keys = new Map<string, Buffer>();
  readonly #reread: (() => readonly string[]) | null;
  #currentKeyId = '';

  /** `reread` gives the secrets as they are now; asked before sealing and when a key is not known. */
  constructor(secrets: readonly string[], reread: (() => readonly string[]) | null = null) {
    this.#reread = reread;
    this.#take(secrets);
    if (this.#currentKeyId === '') throw new SealError('There is no key to seal with.');
  }

  /** Under which new values are sealed. */
  get currentKeyId(): string {
    return this.#currentKeyId;
  }

  /** The first one becomes the current one. Keys that are no longer there still open what they have sealed. */
  #take(secrets: readonly string[]): void {
    for (const secret of secrets) {
      if (this.#derived.has(secret)) continue;
      const key = wrappingKey(secret);
      this.#derived.set(secret, idOf(key));
      this.#keys.set(idOf(key), key);
    }
    const [current] = secrets;
    if (current !== undefined) this.#currentKeyId = this.#derived.get(current) ?? '';
  }

  seal(plain: string, place: SealPlace): Sealed {
    if (this.#reread) this.#take(this.#reread());
    const own = randomBytes(KEY);
    const wrapped = encrypt(this.#key(this.currentKeyId), own, aad(place, 'key'));
    const value = encrypt(own, Buffer.from(plain), aad(place, 'value'));
    return { sealed: Buffer.concat([Buffer.of(FORMAT), wrapped, value]), keyId: this.currentKeyId };
  }

  /** @throws SealError */
  open(one: Sealed, place: SealPlace): string {
    const { own, value } = this.#unwrap(one, place);
    return decrypt(own, value, aad(place, 'value')).toString();
  }

  /**
   * The same value under the current key; the value itself is neither read nor changed.
   * @throws SealError
   */
  rewrap(one: Sealed, place: SealPlace): Sealed {
    if (one.keyId === this.currentKeyId) return one;
    const { own, value } = this.#unwrap(one, place);
    const wrapped = encrypt(this.#key(this.currentKeyId), own, aad(place, 'key'));
    return { sealed: Buffer.concat([Buffer.of(FORMAT), wrapped, value]), keyId: this.currentKeyId };
  }

  /** Whether a value under this key can be opened here. */
  has(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  #unwrap({ sealed, keyId }: Sealed, place: SealPlace): { own: Buffer; value: Buffer } {
    if (sealed.length < 1 + WRAPPED + NONCE + TAG || sealed[0] !== FORMAT) {
      throw new SealError('A sealed value is damaged.');
    }
    const own = decrypt(this.#key(keyId), sealed.subarray(1, 1 + WRAPPED), aad(place, 'key'));
    return { own, value: sealed.subarray(1 + WRAPPED) };
  }

  #key(keyId: string): Buffer {
    let key = this.#keys.get(keyId);
    if (!key && this.#reread) {
      this.#take(this.#reread());
      key = this.#keys.get(keyId);
    }
    if (!key) throw new SealError(`A value was sealed under the key ${keyId}, which is not here.`);
    return key;
  }
}

const wrappingKey = (secret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'pipewright', 'wrapping key 1', KEY));
const idOf = (key: Buffer): string =>
  createHash('sha256').update('pipewright key id').update(key).digest('hex').slice(0, 16);
/** JSON, so that no two places read the same. */
const aad = ({ tenant, row, field }: SealPlace, part: 'key' | 'value'): Buffer =>
  Buffer.from(JSON.stringify([FORMAT, part, tenant, row, field]));

function encrypt(key: Buffer, plain: Buffer, place: Buffer): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(place);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, sealed: Buffer, place: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(place).setAuthTag(sealed.subarray(sealed.length - TAG));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE, sealed.length - TAG)), decipher.final()]);
  } catch {
    throw new SealError('A sealed value was changed, or belongs elsewhere.');
  }
}
