'use client';

import { FileText, Image, X } from 'lucide-react';
import { type Attachment, sizeText } from './attachment.ts';
import type { StoredAttachment } from './chat-port.ts';

export interface AttachmentChipsProps {
  attachments: readonly (Attachment | StoredAttachment)[];
  onRemove?: ((id: string) => void) | undefined;
  /** Where a kept file can be read. */
  addressOf?: ((id: string) => string) | undefined;
}

const isKept = (one: Attachment | StoredAttachment): one is StoredAttachment => 'filename' in one;

/** The files of a message. */
export function AttachmentChips({ attachments, onRemove, addressOf }: AttachmentChipsProps) {
  if (attachments.length === 0) return null;
  return (
    <ul aria-label="Files" className="flex flex-wrap gap-1.5 p-1.5 pb-0">
      {attachments.map((one) => (
        <li
          key={one.id}
          className="flex h-8 max-w-60 items-center gap-1.5 rounded-md border bg-surface pr-1 pl-2 text-xs"
        >
          <Face one={one} address={isKept(one) ? addressOf?.(one.id) : undefined} />
          {onRemove ? (
            <button
              type="button"
              aria-label={`Remove ${isKept(one) ? one.filename : one.name}`}
              onClick={() => onRemove(one.id)}
              className="touch-target grid size-5 shrink-0 place-items-center rounded-sm text-subtle hover:bg-hover hover:text-text"
            >
              <X className="size-3.5" />
            </button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function Face({ one, address }: { one: Attachment | StoredAttachment; address: string | undefined }) {
  const [name, type, bytes] = isKept(one)
    ? [one.filename, one.media_type, one.size_bytes]
    : [one.name, one.mediaType, one.bytes];
  const Icon = type.startsWith('image/') ? Image : FileText;
  return (
    <>
      <Icon className="size-3.5 shrink-0 text-subtle" aria-hidden />
      {address === undefined ? (
        <span className="min-w-0 truncate">{name}</span>
      ) : (
        <a href={address} download={name} className="min-w-0 truncate text-link hover:underline">
          {name}
        </a>
      )}
      <span className="shrink-0 pr-1 text-subtle tabular-nums">{sizeText(bytes)}</span>
    </>
  );
}
