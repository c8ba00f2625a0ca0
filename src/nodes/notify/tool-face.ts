import { z } from 'zod';
import { type ToolFunction, toolFunction } from '#domain/node/tool.ts';

/** What the form says; what it leaves empty is for the agent to write. */
interface Form {
  readonly channel: 'email' | 'webhook';
  readonly to: string | readonly string[];
  readonly subject: string;
  readonly message: string;
  readonly url: string;
  readonly payload: unknown;
}

/** A message an agent writes. Where it goes by webhook, and through which server, is never the agent's to say. */
export function notifyFunction({ channel, to, subject, message, url, payload }: Form): ToolFunction {
  const isMail = channel === 'email';
  const where = isMail
    ? to.length > 0
      ? ` to ${String(to)}`
      : ''
    : ` to ${URL.parse(url)?.host ?? 'a webhook'}`;
  const isFixed = message !== '' || (!isMail && payload !== null);
  return toolFunction({
    name: isMail ? 'send_mail' : 'notify',
    description: `Sends ${isMail ? 'a mail' : 'a message'}${where.slice(0, 300)}.`,
    parameters: z.object({
      ...(isMail &&
        to.length === 0 && {
          to: z.string().min(3).max(20_000).describe('Mail addresses, with commas between.'),
        }),
      ...(isMail && subject === '' && { subject: z.string().min(1).max(1000).describe('One line.') }),
      ...(!isFixed && { message: z.string().min(1).max(1_000_000).describe('The text.') }),
    }),
    destructive: true,
  });
}
