import { type AttachmentIn, MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS } from '#contract/chat-message.ts';

/** A file that goes with a message. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** The content in base64. */
  readonly data: string;
}

/** What may be attached. */
export interface AttachmentLimits {
  readonly count: number;
  /** Of one file. */
  readonly bytes: number;
  /** Of all files of a message. */
  readonly together: number;
  /** Media types, `image/*` for all of a kind. */
  readonly types: readonly string[];
}

export const LIMITS: AttachmentLimits = {
  count: MAX_ATTACHMENTS,
  bytes: MAX_ATTACHMENT_BYTES,
  together: 6 * 1024 * 1024,
  types: [
    'image/png',
    'image/jpeg',
    'image/gif',
    'image/webp',
    'text/*',
    'application/json',
    'application/yaml',
    'application/xml',
  ],
};

export const inputOf = ({ name, mediaType, data }: Attachment): AttachmentIn => ({
  filename: name,
  media_type: mediaType,
  data,
});

const KB = 1024;

/** `840 B`, `12 KB`, `3.4 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < KB) return `${bytes} B`;
  if (bytes < KB * KB) return `${Math.round(bytes / KB)} KB`;
  return `${(bytes / KB / KB).toFixed(1).replace('.0', '')} MB`;
}

const BY_ENDING: Readonly<Record<string, string>> = {
  md: 'text/markdown',
  txt: 'text/plain',
  log: 'text/plain',
  csv: 'text/csv',
  json: 'application/json',
  yaml: 'application/yaml',
  yml: 'application/yaml',
};

interface NamedFile {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/** Browsers know no type for some plain texts; their names tell. */
export const mediaTypeOf = ({ name, type }: NamedFile): string =>
  type.split(';')[0] || (BY_ENDING[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? '');

const fits = (type: string, allowed: string): boolean =>
  allowed.endsWith('/*') ? type.startsWith(allowed.slice(0, -1)) : type === allowed;

/** Why a file may not be attached to those there are, as a sentence for people; null when it may. */
export function refusalOf(
  file: NamedFile,
  taken: readonly Pick<Attachment, 'bytes'>[],
  limits: AttachmentLimits,
): string | null {
  if (taken.length >= limits.count) {
    return `“${file.name}” was left out: a message takes ${limits.count} files at most.`;
  }
  if (!limits.types.some((allowed) => fits(mediaTypeOf(file), allowed))) {
    return `“${file.name}” was left out: this chat takes ${typesText(limits.types)}.`;
  }
  if (file.size > limits.bytes) {
    return `“${file.name}” was left out: it has ${sizeText(file.size)}, and ${sizeText(limits.bytes)} is the most.`;
  }
  if (taken.reduce((sum, { bytes }) => sum + bytes, file.size) > limits.together) {
    return `“${file.name}” was left out: the files of a message may have ${sizeText(limits.together)} together.`;
  }
  if (file.size === 0) return `“${file.name}” was left out: it is empty.`;
  return null;
}

const WORDS: Readonly<Record<string, string>> = {
  'image/*': 'pictures',
  'image/png': 'pictures',
  'image/jpeg': 'pictures',
  'image/gif': 'pictures',
  'image/webp': 'pictures',
  'text/*': 'text files',
  'text/plain': 'text files',
  'text/markdown': 'text files',
  'text/csv': 'CSV',
  'application/json': 'JSON',
  'application/yaml': 'YAML',
  'application/xml': 'XML',
  'application/pdf': 'PDF',
};

/** `pictures, text files and PDF`. */
export function typesText(types: readonly string[]): string {
  const words = [...new Set(types.map((type) => WORDS[type] ?? type))];
  const last = words.pop() ?? 'no files';
  return words.length === 0 ? last : `${words.join(', ')} and ${last}`;
}

// Pages without HTTPS have no crypto.randomUUID.
let counter = 0;

/** Reads a file that fits. @throws DOMException when the browser cannot read it */
export function fileAttachment(file: File): Promise<Attachment> {
  const mediaType = mediaTypeOf(file);
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const address = String(reader.result);
      const data = address.slice(address.indexOf(',') + 1);
      resolve({ id: `${file.name}:${counter++}`, name: file.name, mediaType, bytes: file.size, data });
    };
    reader.onerror = () => reject(reader.error ?? new Error('The file could not be read.'));
    reader.readAsDataURL(file);
  });
}
