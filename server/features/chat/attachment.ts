import type { AttachmentIn } from '#contract/chat-message.ts';
import { MAX_ATTACHMENT_BYTES } from '#contract/chat-message.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Store } from './thread.ts';

/** A file that was looked at and is taken. */
export interface Attachment {
  readonly filename: string;
  readonly mediaType: string;
  readonly content: Buffer;
  /** What it says, where it is text. */
  readonly text: string | null;
}

/** Pictures models can look at, with the bytes their files begin with. */
const PICTURES: Readonly<Record<string, readonly (readonly [offset: number, bytes: string])[]>> = {
  'image/png': [[0, '89504e470d0a1a0a']],
  'image/jpeg': [[0, 'ffd8ff']],
  'image/gif': [[0, '47494638']],
  'image/webp': [
    [0, '52494646'],
    [8, '57454250'],
  ],
};
const TEXT =
  /^(text\/(?!html\b)[\w.+-]+|application\/(json|xml|yaml|x-yaml|toml|csv|x-ndjson|javascript|sql)|[\w.-]+\/[\w.-]+\+(json|xml))$/;
const TAKEN = 'Text files and pictures (PNG, JPEG, GIF, WebP) are taken.';
/** Of all files of one message. */
const MAX_TOTAL_BYTES = 6 * 1024 * 1024;
const MAX_TEXT = 100_000;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Looks at what comes with a message.
 * @throws AppError `unsupported_media`, `too_large` or `invalid` naming the file
 */
export function readAttachments(given: readonly AttachmentIn[]): Attachment[] {
  const files = given.map(readOne);
  const total = files.reduce((sum, { content }) => sum + content.length, 0);
  if (total > MAX_TOTAL_BYTES)
    throw new AppError('too_large', 'The files of one message may have 6 MiB together.');
  return files;
}

function readOne({ filename, media_type, data }: AttachmentIn): Attachment {
  const mediaType = media_type.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!BASE64.test(data) || data.length % 4 !== 0) {
    throw new AppError('invalid', `The file “${filename}” did not arrive whole: its content is no base64.`);
  }
  const content = Buffer.from(data, 'base64');
  if (content.length > MAX_ATTACHMENT_BYTES) {
    throw new AppError('too_large', `The file “${filename}” is too large: at most 2 MiB are taken.`);
  }
  if (Object.hasOwn(PICTURES, mediaType)) {
    return { filename, mediaType, content: picture(filename, mediaType, content), text: null };
  }
  if (TEXT.test(mediaType)) return { filename, mediaType, content, text: textIn(filename, content) };
  throw new AppError(
    'unsupported_media',
    `The file “${filename}” (${mediaType || 'no type'}) cannot be sent. ${TAKEN}`,
  );
}

function picture(filename: string, mediaType: string, content: Buffer): Buffer {
  const fits = PICTURES[mediaType]?.every(([at, bytes]) => {
    const start = Buffer.from(bytes, 'hex');
    return content.subarray(at, at + start.length).equals(start);
  });
  if (fits) return content;
  throw new AppError('unsupported_media', `The file “${filename}” is no ${mediaType} picture. ${TAKEN}`);
}

function textIn(filename: string, content: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    if (!text.includes('\u0000') && text.length <= MAX_TEXT) return text;
    if (text.length > MAX_TEXT) {
      throw new AppError(
        'too_large',
        `The text file “${filename}” is too long: at most 100,000 characters are taken.`,
      );
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
  }
  throw new AppError('unsupported_media', `The file “${filename}” is no text in UTF-8. ${TAKEN}`);
}

/** What the run is given of a message: text files stand in its text, pictures beside it. */
export function payloadOf(text: string, files: readonly Attachment[]): Record<string, unknown> {
  if (files.length === 0) return { text };
  const quoted = files.flatMap((file) =>
    file.text === null ? [] : `--- ${file.filename} ---\n${file.text}\n--- end of ${file.filename} ---`,
  );
  return {
    text: [text, ...quoted].filter((part) => part !== '').join('\n\n'),
    files: files.map(({ filename, mediaType, content, text: own }) => ({
      filename,
      mime_type: mediaType,
      size_bytes: content.length,
      url: own === null ? `data:${mediaType};base64,${content.toString('base64')}` : '',
    })),
  };
}

export async function storeAttachments(
  trx: Store,
  messageId: string,
  files: readonly Attachment[],
): Promise<void> {
  if (files.length === 0) return;
  await trx
    .insertInto('chat_attachments')
    .values(
      files.map(({ filename, mediaType, content }, n) => ({
        chat_message_id: messageId,
        n,
        filename,
        media_type: mediaType,
        size_bytes: content.length,
        content,
      })),
    )
    .execute();
}

/** The files of one message, as they came. */
export async function storedAttachments(db: Store, messageId: string): Promise<Attachment[]> {
  const rows = await db
    .selectFrom('chat_attachments')
    .select(['filename', 'media_type', 'content'])
    .where('chat_message_id', '=', messageId)
    .orderBy('n')
    .execute();
  return rows.map(({ filename, media_type, content }) => ({
    filename,
    mediaType: media_type,
    content,
    text: Object.hasOwn(PICTURES, media_type) ? null : content.toString(),
  }));
}

/** What the history shows of them, by message. */
export async function attachmentsOf(db: Db, messageIds: readonly string[]) {
  const found = new Map<string, { id: string; filename: string; media_type: string; size_bytes: number }[]>();
  if (messageIds.length === 0) return found;
  const rows = await db
    .selectFrom('chat_attachments')
    .select(['id', 'chat_message_id', 'filename', 'media_type', 'size_bytes'])
    .where('chat_message_id', 'in', messageIds)
    .orderBy('chat_message_id')
    .orderBy('n')
    .execute();
  for (const { chat_message_id, ...shown } of rows) {
    found.set(chat_message_id, [...(found.get(chat_message_id) ?? []), shown]);
  }
  return found;
}
