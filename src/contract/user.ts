import { z } from 'zod';
import { newPassword } from '#domain/access/password-rule.ts';
import { pageOf, paging } from '#domain/page.ts';
import { name, text } from '#domain/text.ts';
import { operation, rowId } from './operation.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');
const none = z.object({});
const role = z.enum(['admin', 'normal']);

export const userOut = z
  .object({
    id: z.int(),
    username: z.string(),
    role,
    first_name: z.string(),
    last_name: z.string(),
    created_at: time,
    mfa_enabled: z.boolean(),
    key_count: z.int().describe('Keys that are not revoked.'),
    is_active: z.boolean().describe('False: disabled; can neither sign in nor use keys.'),
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

const profile = {
  password: newPassword.nullish(),
  first_name: text(200).nullish(),
  last_name: text(200).nullish(),
};
const newKey = { name: name(100), expires_at: z.string().max(64).nullish() };
const userId = { user_id: rowId };

/** Your own account, and for administrators everybody's. Keys are shown once, when they are made. */
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
    summary: 'Change your name or password; a new password signs you out everywhere else',
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
    input: z.object(newKey),
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
  list: operation({
    method: 'get',
    path: '/users',
    status: 200,
    access: 'user.manage',
    summary: 'All people with an account; agent users have their own list',
    input: z.object({
      ...paging,
      q: text(200).optional().describe('Part of the username, first or last name.'),
      role: text(50).optional(),
      is_active: z.boolean().optional(),
      sort: z.enum(['username', '-username', 'created_at', '-created_at', '']).optional(),
    }),
    output: pageOf(userOut).extend({ users: z.array(userOut).describe('The same as `items`.') }),
  }),
  create: operation({
    method: 'post',
    path: '/users',
    status: 201,
    access: 'user.manage',
    summary: 'Make an account for somebody',
    input: z.object({
      username: name(150),
      password: newPassword,
      role: role.default('normal'),
      first_name: text(200).nullish(),
      last_name: text(200).nullish(),
    }),
    output: userOut,
  }),
  get: operation({
    method: 'get',
    path: '/users/{user_id}',
    status: 200,
    access: 'user.manage',
    summary: 'One user',
    input: z.object(userId),
    output: userOut,
  }),
  update: operation({
    method: 'patch',
    path: '/users/{user_id}',
    status: 200,
    access: 'user.manage',
    summary: 'Change a user; a new password or role signs them out everywhere',
    input: z.object({
      ...userId,
      ...profile,
      role: role.nullish(),
      is_active: z.boolean().nullish().describe('True lets a disabled user sign in again.'),
    }),
    output: userOut,
  }),
  disable: operation({
    method: 'delete',
    path: '/users/{user_id}',
    status: 204,
    access: 'user.manage',
    summary: 'Disable a user: no sign-in, no keys, no sessions; what they made stays',
    input: z.object(userId),
    output: z.void(),
  }),
  resetMfa: operation({
    method: 'post',
    path: '/users/{user_id}/mfa/reset',
    status: 200,
    access: 'user.manage',
    summary: 'Turn MFA off for somebody who lost their device; signs them out everywhere',
    input: z.object(userId),
    output: z.object({ mfa_enabled: z.boolean() }),
  }),
  userKeys: operation({
    method: 'get',
    path: '/users/{user_id}/keys',
    status: 200,
    access: 'user.manage',
    summary: "A user's API keys, newest first",
    input: z.object(userId),
    output: z.array(apiKeyOut),
  }),
  createUserKey: operation({
    method: 'post',
    path: '/users/{user_id}/keys',
    status: 201,
    access: 'user.manage',
    summary: 'Make an API key for a user; its text is shown once',
    input: z.object({ ...userId, ...newKey }),
    output: apiKeyCreatedOut,
  }),
  revokeUserKey: operation({
    method: 'delete',
    path: '/users/{user_id}/keys/{key_id}',
    status: 204,
    access: 'user.manage',
    summary: "Revoke one of a user's API keys",
    input: z.object({ ...userId, key_id: rowId }),
    output: z.void(),
  }),
} as const;
