import { z } from 'zod';
import { name, text } from '#domain/text.ts';
import { operation, rowId } from './operation.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');
const none = z.object({});

export const userOut = z
  .object({
    id: z.int(),
    username: z.string(),
    role: z.enum(['admin', 'normal']),
    first_name: z.string(),
    last_name: z.string(),
    created_at: time,
    mfa_enabled: z.boolean(),
    key_count: z.int(),
  })
  .meta({ id: 'User' });

const apiKey = {
  id: z.int(),
  name: z.string(),
  prefix: z.string(),
  created_at: time,
  last_used_at: time.nullable(),
  expires_at: time.nullable(),
  is_active: z.boolean(),
};
export const apiKeyOut = z.object(apiKey).meta({ id: 'ApiKey' });
export const apiKeyCreatedOut = z.object({ ...apiKey, key: z.string() }).meta({ id: 'ApiKeyCreated' });
const tokenOut = z.object({ key: z.string(), requires_mfa: z.boolean() }).meta({ id: 'Token' });
const meOut = z
  .object({ id: z.int(), username: z.string(), role: z.enum(['admin', 'normal']), mfa_enabled: z.boolean() })
  .meta({ id: 'Me' });

const signIn = z.object({ username: text(150), password: text(1024) });

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
    summary: 'Exchange a username and password for a key',
    input: signIn,
    output: tokenOut,
  }),
  openSession: operation({
    method: 'post',
    path: '/auth/session',
    status: 200,
    access: 'public',
    summary: 'Sign a browser in; sets an HttpOnly cookie',
    input: signIn,
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

const profile = {
  password: text(256).min(8).nullish(),
  first_name: text(200).nullish(),
  last_name: text(200).nullish(),
};

export const users = {
  me: operation({
    method: 'get',
    path: '/users/me',
    status: 200,
    access: 'account.use',
    summary: 'The signed-in user',
    input: none,
    output: userOut,
  }),
  updateMe: operation({
    method: 'patch',
    path: '/users/me',
    status: 200,
    access: 'account.use',
    summary: 'Change your name or password',
    input: z.object(profile),
    output: userOut,
  }),
  keys: operation({
    method: 'get',
    path: '/users/me/keys',
    status: 200,
    access: 'account.use',
    summary: 'Your API keys, newest first',
    input: none,
    output: z.array(apiKeyOut),
  }),
  createKey: operation({
    method: 'post',
    path: '/users/me/keys',
    status: 201,
    access: 'account.use',
    summary: 'Make an API key; its text is shown once',
    input: z.object({ name: name(100), expires_at: z.string().max(64).nullish() }),
    output: apiKeyCreatedOut,
  }),
  revokeKey: operation({
    method: 'delete',
    path: '/users/me/keys/{key_id}',
    status: 204,
    access: 'account.use',
    summary: 'Revoke one of your API keys',
    input: z.object({ key_id: rowId }),
    output: z.void(),
  }),
} as const;
