import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { inbound } from '#contract/inbound.ts';
import { AppError } from '#domain/problem.ts';
import { text } from '#domain/text.ts';

export type Message = z.output<(typeof inbound.receive)['input']>;

export interface Route {
  readonly slug: string;
  readonly node: string;
}

const part = text(200).min(1);

/** Where a message goes. @throws AppError `invalid` in the documented words. */
export function routeOf({ route }: Pick<Message, 'route'>): Route {
  const slug = part.safeParse(route['workflow_slug']);
  const node = part.safeParse(route['trigger_node_id']);
  if (slug.success && node.success) return { slug: slug.data, node: node.data };
  throw new AppError('invalid', 'route must contain workflow_slug and trigger_node_id');
}

/** Whether a message answers a question, and which; null for every other text. */
export function commandOf(said: string): { id: string; confirmed: boolean } | null {
  const [, verb, id] = /^\/(confirm|cancel)_([\w-]{1,64})$/.exec(said) ?? [];
  return verb !== undefined && id !== undefined ? { id, confirmed: verb === 'confirm' } : null;
}

/** What the run is given of a message. */
export function payloadOf(message: Message, userId: number) {
  const { source, attachments } = message;
  const lines = attachments.map(({ filename, mime_type }) => `[Attached file: ${filename} (${mime_type})]`);
  return {
    text: [message.text, ...lines].filter((line) => line !== '').join('\n'),
    chat_id: source.chat_id,
    message_id: source.message_id,
    credential_id: message.credential_id,
    user_id: userId,
    files: attachments.map(({ filename, mime_type, size_bytes, download_url }) => ({
      filename,
      mime_type,
      size_bytes,
      url: download_url,
    })),
  };
}

/** The same for the same message of the same chat; null for messages without an id, which are all different. */
export function keyOf({ credential_id, source }: Message): string | null {
  if (source.message_id === '') return null;
  const place = JSON.stringify([credential_id, source.chat_id, source.message_id]);
  return `inbound:${createHash('sha256').update(place).digest('hex')}`;
}
