import { z } from 'zod';
import { operation } from './operation.ts';

/** What it takes to open a live connection without a key in its address. */
export const sockets = {
  ticket: operation({
    method: 'post',
    path: '/auth/socket-ticket',
    status: 200,
    access: 'account.use',
    summary: 'A ticket for one live connection',
    input: z.object({}),
    output: z
      .object({
        ticket: z.string().describe('Connect to `/ws/?ticket=…` with it.'),
        expires_in: z.int().describe('Seconds.'),
      })
      .meta({ id: 'SocketTicket' }),
  }),
} as const;
