'use client';

import { FileText, X } from 'lucide-react';
import Image from 'next/image';
import { type Attachment, sizeText } from './attachment.ts';
import type { StoredAttachment } from './chat-port.ts';
import { useFileLink } from './use-file-link.ts';

type AnyAttachment = Attachment | StoredAttachment;

const isKept = (one: AnyAttachment): one is StoredAttachment => 'filename' in one;
const nameOf = (one: AnyAttachment): string => (isKept(one) ? one.filename : one.name);
const sizeOf = (one: AnyAttachment): number => (isKept(one) ? one.size_bytes : one.bytes);
const isPicture = (one: AnyAttachment): boolean =>
  (isKept(one) ? one.media_type : one.mediaType).startsWith('image/');

interface DraftProps {
  attachments: readonly Attachment[];
  onRemove: (id: string) => void;
}

/** The files of the message that is being written. */
export function DraftAttachments({ attachments, onRemove }: DraftProps) {
  if (attachments.length === 0) return null;
  return (
    <ul aria-label="Files of this message" className="flex flex-wrap gap-1.5 p-2 pb-0">
      {attachments.map((one) => (
        <li
          key={one.id}
          className="flex h-10 max-w-full min-w-0 items-center gap-2 rounded-lg border bg-sunken pr-1 pl-1 text-xs pointer-coarse:h-12 sm:max-w-64"
        >
          <Thumb one={one} />
          <FileName one={one} />
          <button
            type="button"
            aria-label={`Remove ${one.name}`}
            onClick={() => onRemove(one.id)}
            className="touch-target grid size-6 shrink-0 place-items-center rounded-sm text-subtle hover:bg-hover hover:text-text"
          >
            <X className="size-3.5" aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Thumb({ one }: { one: Attachment }) {
  if (!isPicture(one)) {
    return (
      <span className="grid size-8 shrink-0 place-items-center rounded-md bg-surface text-subtle">
        <FileText className="size-4" aria-hidden />
      </span>
    );
  }
  // The name beside it says what it is.
  return (
    <Image
      unoptimized
      src={`data:${one.mediaType};base64,${one.data}`}
      alt=""
      width={32}
      height={32}
      className="size-8 shrink-0 rounded-md bg-surface object-cover"
    />
  );
}

function FileName({ one }: { one: AnyAttachment }) {
  return (
    <span className="flex min-w-0 flex-1 flex-col leading-4">
      <span className="truncate font-medium">{nameOf(one)}</span>
      <span className="text-subtle tabular-nums">{sizeText(sizeOf(one))}</span>
    </span>
  );
}

/** The files of a message that was sent: pictures as such, others by their names; each can be saved. */
export function SentAttachments({ attachments }: { attachments: readonly AnyAttachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <ul aria-label="Files" className="flex max-w-full flex-wrap justify-end gap-1.5">
      {attachments.map((one) => (
        <li key={one.id} className="max-w-full min-w-0">
          <SentFile one={one} />
        </li>
      ))}
    </ul>
  );
}

function SentFile({ one }: { one: AnyAttachment }) {
  const picture = isPicture(one);
  const { address, save } = useFileLink(isKept(one) ? one : null, picture);
  const source = isKept(one) ? address : `data:${one.mediaType};base64,${one.data}`;
  if (picture && source !== null) {
    return (
      <a href={source} download={nameOf(one)} className="block max-w-60 overflow-hidden rounded-lg border">
        <Image
          unoptimized
          src={source}
          alt={nameOf(one)}
          width={240}
          height={144}
          className="h-36 w-60 bg-sunken object-cover"
        />
      </a>
    );
  }
  const look =
    'flex h-11 max-w-60 items-center gap-2 rounded-lg border bg-surface pr-3 pl-2.5 text-left text-xs hover:bg-hover';
  const face = (
    <>
      <FileText className="size-4 shrink-0 text-subtle" aria-hidden />
      <FileName one={one} />
    </>
  );
  if (source !== null) {
    return (
      <a href={source} download={nameOf(one)} className={look}>
        {face}
      </a>
    );
  }
  return (
    <button type="button" onClick={save} className={look}>
      {face}
    </button>
  );
}
