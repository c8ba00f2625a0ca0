import { randomBytes } from 'node:crypto';

const COMMON = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-frame-options': 'DENY',
};
const STRICT_TRANSPORT = { 'strict-transport-security': 'max-age=31536000' };

/** For everything that is data: nothing in it may ever be shown as a page, and nobody may keep it. */
export function dataHeaders(secure: boolean): Record<string, string> {
  return {
    ...COMMON,
    ...(secure && STRICT_TRANSPORT),
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
  };
}

/** For the one page the API serves itself: its own inline style, no script. */
export function documentHeaders(secure: boolean, nonce: string): Record<string, string> {
  return {
    ...COMMON,
    ...(secure && STRICT_TRANSPORT),
    'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'cache-control': 'no-cache',
  };
}

/** For a page with a form that is sent to its own address, which is a secret: nobody keeps, indexes or hands it on. */
export function formHeaders(secure: boolean, nonce: string): Record<string, string> {
  return {
    ...COMMON,
    ...(secure && STRICT_TRANSPORT),
    'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex, nofollow',
  };
}

export interface ScreenPolicy {
  readonly nonce: string;
  readonly policy: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ScreenPolicyOptions {
  readonly host: string;
  readonly secure: boolean;
  readonly development: boolean;
  /** Origins that may show the page within theirs; usually none. */
  readonly embedders: readonly string[];
}

/**
 * For the screens: scripts only with this response's nonce (and what they load themselves), connections only to
 * this server. Styles may be inline because the canvas places its nodes with style attributes.
 */
export function screenPolicy(options: ScreenPolicyOptions): ScreenPolicy {
  const nonce = randomBytes(16).toString('base64');
  const socket = /^[\w.:[\]-]+$/.test(options.host)
    ? ` ${options.secure ? 'wss' : 'ws'}://${options.host}`
    : '';
  const policy = [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${options.development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self'${socket}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${options.embedders.length > 0 ? options.embedders.join(' ') : "'none'"}`,
  ].join('; ');
  const { 'x-frame-options': deny, ...common } = COMMON;
  const headers = {
    ...common,
    // It knows no list of origins; where there is one, the policy above says it.
    ...(options.embedders.length === 0 && { 'x-frame-options': deny }),
    ...(options.secure && STRICT_TRANSPORT),
    'content-security-policy': policy,
  };
  return { nonce, policy, headers };
}
