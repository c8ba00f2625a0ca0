const SHORTEST_HINT = 8;
const SECRET_NAME = /key|token|secret|password|passphrase|authorization|cookie/i;
/** A password inside an address. */
const IN_ADDRESS = /^([a-z][\w+.-]*:\/\/[^\s/:@]*:)[^\s/@]+@/i;

/** What is shown of a secret: the first and the last four characters, nothing of a short one. */
export function mask(secret: string): string {
  return secret.length < SHORTEST_HINT ? '****' : `${secret.slice(0, 4)}****${secret.slice(-4)}`;
}

/** Whether what goes by this name is a secret as far as anybody can tell. */
export const looksSecret = (name: string): boolean => SECRET_NAME.test(name);

/** A value with everything masked that stands under a secret-looking name. `secret`: it does so itself. */
export function maskDeep(value: unknown, secret = false): unknown {
  if (Array.isArray(value)) return value.map((one) => maskDeep(one, secret));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, maskDeep(one, secret || looksSecret(name))]),
    );
  }
  if (secret && (typeof value === 'string' || typeof value === 'number')) return mask(String(value));
  return typeof value === 'string' ? value.replace(IN_ADDRESS, '$1****@') : value;
}

/** Every text that {@link maskDeep} would hide. */
export function secretsIn(value: unknown, secret = false): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => secretsIn(one, secret));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, one]) => secretsIn(one, secret || looksSecret(name)));
  }
  if (secret && (typeof value === 'string' || typeof value === 'number')) return [String(value)];
  if (typeof value !== 'string' || !IN_ADDRESS.test(value)) return [];
  return [URL.parse(value)?.password ?? ''].filter((text) => text !== '');
}

/**
 * What a client means that sends back what it was shown: where `given` equals the `masked` form, `stored` stays.
 */
export function unmask(given: unknown, stored: unknown, masked: unknown): unknown {
  if (Array.isArray(given)) {
    return given.map((one, index) => unmask(one, partOf(stored, index), partOf(masked, index)));
  }
  if (typeof given === 'object' && given !== null) {
    return Object.fromEntries(
      Object.entries(given).map(([name, one]) => [
        name,
        unmask(one, partOf(stored, name), partOf(masked, name)),
      ]),
    );
  }
  return given !== undefined && given === masked && stored !== undefined ? stored : given;
}

function partOf(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}
