import type { Message } from './message.ts';

/** A file as triggers hand it on: a picture has its content in `url`, text stands in the message already. */
interface ReceivedFile {
  readonly filename?: unknown;
  readonly mime_type?: unknown;
  readonly url?: unknown;
}

/** What a chat trigger's ports give of a message: its text, its files, and both as one message for a model. */
export function receivedMessage(payload: unknown): Record<string, unknown> {
  const { text, files } = isObject(payload) ? payload : {};
  const said = typeof text === 'string' ? text : '';
  const list: readonly unknown[] = Array.isArray(files) ? files : [];
  return { text: said, files: list, messages: [messageOf(said, list)] };
}

function messageOf(text: string, files: readonly unknown[]): Message {
  const pictures = files.flatMap((file) => {
    const { url, mime_type } = (isObject(file) ? file : {}) as ReceivedFile;
    if (typeof url !== 'string' || url === '' || typeof mime_type !== 'string') return [];
    return mime_type.startsWith('image/') ? [{ type: 'image' as const, url, media_type: mime_type }] : [];
  });
  if (pictures.length === 0) return { role: 'user', content: text };
  return { role: 'user', content: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...pictures] };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
