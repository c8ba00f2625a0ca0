import { describe, expect, it } from 'vitest';
import { SealError, Sealer } from './sealer.ts';

const place = { tenant: '1', row: 'a', field: 'credentials.detail' };
const secret = 's'.repeat(40);
const sealer = new Sealer([secret]);

describe('sealing', () => {
  it('gives back what was sealed, and never the same bytes twice', () => {
    const [one, two] = [sealer.seal('naïve 🔑', place), sealer.seal('naïve 🔑', place)];
    expect(sealer.open(one, place)).toBe('naïve 🔑');
    expect(one.sealed.equals(two.sealed)).toBe(false);
    expect(one.sealed.includes('naïve')).toBe(false);
    expect(sealer.open(sealer.seal('', place), place)).toBe('');
  });

  it.each([
    { ...place, tenant: '2' },
    { ...place, row: 'b' },
    { ...place, field: 'other' },
    { tenant: '1"', row: 'a', field: 'credentials.detail' },
  ])('opens in its own place only: %j', (other) => {
    expect(() => sealer.open(sealer.seal('x', place), other)).toThrow(SealError);
  });

  it('notices every changed byte', () => {
    const { sealed, keyId } = sealer.seal('secret', place);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => sealer.open({ sealed: changed, keyId }, place), `byte ${at}`).toThrow(SealError);
    }
    expect(() => sealer.open({ sealed: sealed.subarray(0, 20), keyId }, place)).toThrow(SealError);
  });
});

describe('a new key', () => {
  const next = new Sealer(['n'.repeat(40), secret]);

  it('leaves the old values readable until they are rewrapped, and then needs the old key no more', () => {
    const old = sealer.seal('kept', place);
    expect(next.open(old, place)).toBe('kept');
    const fresh = next.rewrap(old, place);
    expect(fresh.keyId).toBe(next.currentKeyId);
    expect(next.rewrap(fresh, place)).toBe(fresh);
    expect(new Sealer(['n'.repeat(40)]).open(fresh, place)).toBe('kept');
    expect(() => sealer.open(fresh, place)).toThrow(/not here/);
    expect(next.has(old.keyId)).toBe(true);
    expect(sealer.has(fresh.keyId)).toBe(false);
  });
});
