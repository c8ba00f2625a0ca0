import { z } from 'zod';
import { pageOf, paging } from '#domain/page.ts';
import { operation } from './operation.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');

const sessionOut = z
  .object({
    id: z.string().describe('Such as `browser-12` or `key-7`.'),
    kind: z.enum(['browser', 'key']).describe('A browser, or a program that signed in with a password.'),
    user_agent: z.string().describe('What the browser or program called itself; may be empty.'),
    created_at: time,
    last_used_at: time.nullable(),
    expires_at: time.nullable(),
    current: z.boolean().describe('The one this request was made with.'),
  })
  .meta({ id: 'Session' });

/** Where you are signed in: browsers and the keys that were handed out for your password. */
export const sessions = {
  list: operation({
    method: 'get',
    path: '/auth/sessions',
    status: 200,
    access: 'account.use',
    summary: 'Where you are signed in, this session first, then last used first',
    input: z.object(paging),
    output: pageOf(sessionOut),
  }),
  revoke: operation({
    method: 'delete',
    path: '/auth/sessions/{session_id}',
    status: 204,
    access: 'account.use',
    summary: 'Sign out there',
    input: z.object({ session_id: z.string().max(40) }),
    output: z.void(),
  }),
  revokeOthers: operation({
    method: 'post',
    path: '/auth/sessions/revoke-others',
    status: 200,
    access: 'account.use',
    summary: 'Sign out everywhere but here; API keys stay',
    input: z.object({}),
    output: z.object({ revoked: z.int() }),
  }),
} as const;
