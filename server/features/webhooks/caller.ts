import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '#domain/problem.ts';

/** How a webhook's callers show that they may call. */
export type CallerCheck =
  | { readonly kind: 'none' }
  | { readonly kind: 'hmac'; readonly secret: string }
  | { readonly kind: 'bearer'; readonly secret: string }
  | { readonly kind: 'basic'; readonly user: string; readonly secret: string };

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as it came. */
  readonly raw: Buffer;
}

/** How far the clocks of both sides may be apart, and how long a signature is good for. */
const TOLERANCE_SECONDS = 300;
const MAX_SIGNATURES = 5;
const MAX_ID = 200;

const refused = (detail: string): AppError => new AppError('unauthenticated', detail);

/**
 * Lets a request through or not. Every comparison takes the same time whatever was sent.
 * @returns what tells this request from others: the signature that fits, or null where nothing is signed.
 * @throws AppError `unauthenticated`
 */
export function checkCaller(check: CallerCheck, request: SignedRequest, now = Date.now()): string | null {
  switch (check.kind) {
    case 'none':
      return null;
    case 'hmac':
      return signatureOf(check.secret, request, now / 1000);
    case 'bearer':
      return checkShown(request, 'Bearer', check.secret);
    case 'basic':
      return checkShown(request, 'Basic', Buffer.from(`${check.user}:${check.secret}`).toString('base64'));
  }
}

/** The HMAC-SHA256 of `timestamp.body`, in hex. */
export const sign = (secret: string, timestamp: number, raw: Buffer): string =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(raw).digest('hex');

/** `X-Signature: t=<unix seconds>,v1=<hex>`; more than one v1 while the caller changes its secret. */
function signatureOf(secret: string, { headers, raw }: SignedRequest, nowSeconds: number): string {
  const parts = textOf(headers['x-signature']).split(',', MAX_SIGNATURES + 1);
  const values = (name: string): string[] =>
    parts.flatMap((part) => (part.trim().startsWith(`${name}=`) ? part.trim().slice(name.length + 1) : []));
  const [time = ''] = values('t');
  if (!/^\d{1,12}$/.test(time)) throw refused('The header X-Signature is missing or not valid.');
  if (Math.abs(nowSeconds - Number(time)) > TOLERANCE_SECONDS) {
    throw refused('The signature is too old, or the clocks of both sides are too far apart.');
  }
  const expected = sign(secret, Number(time), raw);
  // The time's text is part of what was signed; two spellings of it would be two signatures.
  const fits = values('v1').some((one) => isSame(one.toLowerCase(), expected));
  if (!fits || String(Number(time)) !== time) throw refused('The signature does not fit.');
  return `${time}.${expected}`;
}

function checkShown({ headers }: SignedRequest, scheme: string, expected: string): null {
  const header = textOf(headers['authorization']);
  const at = header.indexOf(' ');
  const isScheme = header.slice(0, Math.max(0, at)).toLowerCase() === scheme.toLowerCase();
  if (isSame(header.slice(at + 1).trim(), expected) && isScheme) return null;
  throw refused('The secret is missing or wrong.');
}

const textOf = (header: string | string[] | undefined): string =>
  Array.isArray(header) ? header.join(',') : (header ?? '');

/** Compares digests, so that neither content nor length shows in the time it takes. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** How callers name a delivery that may come more than once; the commonest first. */
const DELIVERY_HEADERS = ['x-delivery-id', 'idempotency-key', 'webhook-id', 'x-github-delivery'];

/** What a signed delivery is named, or null. */
export function deliveryIdOf({ headers }: SignedRequest): string | null {
  for (const name of DELIVERY_HEADERS) {
    const value = textOf(headers[name]);
    if (value !== '' && value.length <= MAX_ID) return value;
  }
  return null;
}
