import type { LanguageModelV4FilePart } from '@ai-sdk/provider';
import type { ContentPart } from '#domain/chat/message.ts';
import { StepError } from '#domain/node/executor.ts';
import type { Egress } from '#server/egress/client.ts';
import { EgressError } from '#server/egress/egress-error.ts';

const MAX_BYTES = 10 * 1024 * 1024;
/** Of all attachments of one prompt: who writes a message may name as many addresses as fit into it. */
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
const DATA = /^data:([^;,]*)((?:;[^;,]*)*),(.*)$/s;

type Attached = Exclude<ContentPart, { type: 'text' }>;

/** What attachments of one prompt may still take, in bytes. */
export interface AttachmentRoom {
  left: number;
}

export const attachmentRoom = (): AttachmentRoom => ({ left: MAX_TOTAL_BYTES });

/**
 * An image or a file as models are given it: always with its content, so that no provider fetches an address and
 * private ones stay private.
 * @param room is taken from
 * @throws StepError `model_bad_request`; EgressError for what cannot be fetched
 */
export async function attachment(
  part: Attached,
  {
    egress,
    signal,
    room,
  }: { readonly egress: Egress; readonly signal: AbortSignal; readonly room: AttachmentRoom },
): Promise<LanguageModelV4FilePart> {
  const { type, bytes } = part.url.startsWith('data:')
    ? inline(part.url)
    : await fetched(part.url, egress, signal).catch(unfetched);
  room.left -= bytes.length;
  if (room.left < 0) throw refused('The files of one prompt may have 48 MiB together. Send fewer.');
  const mediaType = part.media_type || type || (part.type === 'image' ? 'image/png' : '');
  if (mediaType === '') throw refused('Its kind is not known: give it a media_type.');
  const filename = part.type === 'file' ? part.filename : undefined;
  return {
    type: 'file',
    mediaType,
    data: { type: 'data', data: bytes },
    ...(filename !== undefined && { filename }),
  };
}

function inline(url: string): { type: string; bytes: string } {
  const [, type = '', flags = '', body = ''] = DATA.exec(url) ?? [];
  if (body === '') throw refused('Its data: address is empty or broken.');
  const isBase64 = flags.toLowerCase().includes(';base64');
  return { type, bytes: isBase64 ? body : Buffer.from(decodeURIComponent(body)).toString('base64') };
}

async function fetched(url: string, egress: Egress, signal: AbortSignal) {
  const wish = {
    method: 'GET',
    url,
    headers: {},
    body: null,
    timeoutMs: TIMEOUT_MS,
    idleMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
  };
  const { status, headers, body } = await egress.stream(wish, signal);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  if (status !== 200) throw refused(`${new URL(url).host} answered ${status}.`);
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  return { type, bytes: Buffer.concat(chunks).toString('base64') };
}

/** A file that cannot be had is no fault of the model's. Destinations that are not allowed say so themselves. */
function unfetched(error: unknown): never {
  const passing =
    error instanceof EgressError && ['unreachable', 'timeout', 'too_large'].includes(error.code);
  throw passing ? refused(error.message) : error;
}

const refused = (why: string): StepError =>
  new StepError('model_bad_request', `An attached file cannot be given to the model. ${why}`, {
    permanent: true,
  });
