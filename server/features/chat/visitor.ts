import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { callerNetwork } from '../caller-network.ts';

/** Days a visit lasts without the visitor coming back. */
const DAYS = 30;
export const VISIT_SECONDS = DAYS * 24 * 60 * 60;

export interface Visit {
  readonly visitorId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Tells visitors of hosted pages apart by tokens that only this installation can make: `visitor.expiry.signature`.
 * A token is good for one page; nothing is stored for somebody who only looks.
 */
export interface Visits {
  /** A new visitor, or the same one for longer. */
  issue(pageId: string, visitorId?: string): { readonly token: string; readonly expiresAt: number };
  /** Null for tokens that are forged, for another page or over. */
  read(pageId: string, token: string): Visit | null;
  /** What visitors from one network are counted by: a name of a day (UTC) that leads back to no address. */
  network(address: string): string;
}

const TOKEN = /^([\w-]{22})\.(\d{1,12})\.([\w-]{43})$/;

export function createVisits(secretKey: string, now: () => number = Date.now): Visits {
  const key = createHmac('sha256', secretKey).update('pipewright chat visits').digest();
  const sign = (pageId: string, visitorId: string, expires: number): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([pageId, visitorId, expires]))
      .digest('base64url');
  return {
    issue: (pageId, visitorId = randomBytes(16).toString('base64url')) => {
      const expires = Math.floor(now() / 1000) + VISIT_SECONDS;
      const token = `${visitorId}.${expires}.${sign(pageId, visitorId, expires)}`;
      return { token, expiresAt: expires * 1000 };
    },
    read: (pageId, token) => {
      const [, visitorId = '', expiry = '', signature = ''] = TOKEN.exec(token) ?? [];
      const expires = Number(expiry);
      const expected = Buffer.from(sign(pageId, visitorId, expires));
      const given = Buffer.from(signature);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      return expires * 1000 > now() ? { visitorId, expiresAt: expires * 1000 } : null;
    },
    network: (address) => {
      const day = new Date(now()).toISOString().slice(0, 10);
      return createHmac('sha256', key)
        .update(JSON.stringify(['network', day, callerNetwork(address)]))
        .digest('base64url')
        .slice(0, 22);
    },
  };
}
