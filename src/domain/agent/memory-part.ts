import { z } from 'zod';

/** Config fields of a conversation memory. */
export const memoryFields = {
  window: z
    .int()
    .min(1)
    .max(1_000)
    .default(50)
    .describe('How many of the newest messages are remembered.')
    .meta({ title: 'Messages', field: { group: 'required' } }),
  name: z
    .string()
    .max(64)
    .regex(/^[A-Za-z0-9_-]*$/, 'A name has letters, digits, _ and -.')
    .default('')
    .describe('Agents whose memories have the same name share one conversation. Empty: that of this node.')
    .meta({ title: 'Name', field: { control: 'text', group: 'common', placeholder: 'support' } }),
};
