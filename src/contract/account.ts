import { z } from 'zod';
import { name, text } from '#domain/text.ts';
import { operation } from './operation.ts';

const none = z.object({});

/** `key` is empty while the second factor is still asked for: see `mfa.loginVerify`. */
export const tokenOut = z.object({ key: z.string(), requires_mfa: z.boolean() }).meta({ id: 'Token' });
const meOut = z
  .object({ id: z.int(), username: z.string(), role: z.enum(['admin', 'normal']), mfa_enabled: z.boolean() })
  .meta({ id: 'Me' });

const credentials = z.object({ username: text(150), password: text(1024) });

/** Signing in and out. `session*` operations set and clear the browser's cookie; `token` hands out a key. */
export const auth = {
  setupStatus: operation({
    method: 'get',
    path: '/auth/setup-status',
    status: 200,
    access: 'public',
    summary: 'Whether the first account still has to be made',
    input: none,
    output: z.object({ needs_setup: z.boolean(), setup_token_required: z.boolean() }),
  }),
  setup: operation({
    method: 'post',
    path: '/auth/setup',
    status: 200,
    access: 'public',
    summary: 'Make the first administrator',
    input: z.object({
      username: name(150),
      password: text(1024).min(1),
      setup_token: text(200).optional().describe('Needed from another machine; printed in the server log.'),
      browser: z.boolean().default(false).describe('Set a session cookie instead of returning a key.'),
    }),
    output: tokenOut,
  }),
  token: operation({
    method: 'post',
    path: '/auth/token',
    status: 200,
    access: 'public',
    summary: 'Exchange a username and password for a key; with MFA on, the code is asked for next',
    input: credentials,
    output: tokenOut,
  }),
  openSession: operation({
    method: 'post',
    path: '/auth/session',
    status: 200,
    access: 'public',
    summary: 'Sign a browser in; sets an HttpOnly cookie, unless the code is asked for next',
    input: credentials,
    output: z.object({ requires_mfa: z.boolean() }),
  }),
  me: operation({
    method: 'get',
    path: '/auth/me',
    status: 200,
    access: 'account.use',
    summary: 'Who is signed in',
    input: none,
    output: meOut,
  }),
  logout: operation({
    method: 'post',
    path: '/auth/logout',
    status: 204,
    access: 'account.use',
    summary: 'End this session or revoke this login key',
    input: none,
    output: z.void(),
  }),
} as const;
