'use client';

import { ArrowUp, Paperclip, Square, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, type RefObject, useRef } from 'react';
import { cn } from '#ui/class-name.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { type Attachment, LIMITS, sizeText } from './attachment.ts';
import { DraftAttachments } from './attachment-chip.tsx';
import type { DraftFiles } from './use-draft-files.ts';

export interface ComposerProps {
  text: string;
  onTextChange: (text: string) => void;
  /** Null where files are not taken. */
  files: DraftFiles | null;
  busy: boolean;
  /** Why nothing can be sent at all. */
  disabledReason: string | null;
  /** An earlier message is being changed. */
  editing: boolean;
  onCancelEdit: () => void;
  onSend: () => void;
  onStop: () => void;
  maxLength: number;
  input: RefObject<HTMLTextAreaElement | null>;
  placeholder: string;
}

const NONE: readonly Attachment[] = [];

/** Where messages are written. Enter sends, Shift with Enter begins a line. */
export function Composer(props: ComposerProps) {
  const { text, files, busy, disabledReason, editing, maxLength } = props;
  const attached = files?.attachments ?? NONE;
  const empty = text.trim() === '' && attached.length === 0;
  const long = text.length > maxLength;
  const blocked = disabledReason ?? (long ? tooLong(text.length, maxLength) : null);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // Enter also ends what an input method is composing; Safari says so only by the key code.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape' && editing) {
      event.stopPropagation();
      props.onCancelEdit();
    }
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!busy && !empty && blocked === null) props.onSend();
  };
  return (
    <form
      data-keys="own"
      aria-label="New message"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && !empty && blocked === null) props.onSend();
      }}
      className="flex flex-col gap-1.5"
    >
      {editing ? <EditNote onCancel={props.onCancelEdit} /> : null}
      <Notes notes={[...(files?.notes ?? []), ...(blocked === null ? [] : [blocked])]} />
      <div
        className={cn(
          'flex flex-col rounded-xl border border-strong bg-surface shadow-control outline-offset-2 outline-focus transition-colors',
          'has-[textarea:focus-visible]:border-accent has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:-outline-offset-1',
          long && 'border-danger',
        )}
      >
        {files ? <DraftAttachments attachments={attached} onRemove={files.remove} /> : null}
        <div className="flex items-end gap-1 p-1.5">
          {files ? <PickFiles files={files} disabled={disabledReason !== null} /> : null}
          <textarea
            ref={props.input}
            rows={1}
            aria-label="Message"
            value={text}
            placeholder={props.placeholder}
            disabled={disabledReason !== null}
            aria-invalid={long || undefined}
            onChange={(event) => props.onTextChange(event.target.value)}
            onKeyDown={onKeyDown}
            onPaste={(event) => {
              const pasted = [...event.clipboardData.files];
              if (!files || pasted.length === 0) return;
              event.preventDefault();
              files.add(pasted);
            }}
            className="max-h-50 min-h-8 min-w-0 flex-1 resize-none bg-transparent px-1.5 py-1.5 text-base pointer-coarse:min-h-11 pointer-coarse:py-3 outline-none [field-sizing:content] placeholder:truncate disabled:cursor-not-allowed"
          />
          <SendButton busy={busy} disabled={empty || blocked !== null} onStop={props.onStop} />
        </div>
      </div>
    </form>
  );
}

const tooLong = (length: number, most: number): string =>
  `This message has ${length.toLocaleString('en')} characters; ${most.toLocaleString('en')} is the most.`;

function SendButton({
  busy,
  disabled,
  onStop,
}: {
  busy: boolean;
  disabled: boolean;
  onStop: () => void;
}): ReactNode {
  if (busy) {
    return (
      <IconButton
        // Not the same button with another name: the focus is not to lie on what sends.
        key="stop"
        label="Stop"
        icon={<Square className="fill-current" />}
        variant="secondary"
        onClick={onStop}
      />
    );
  }
  return (
    <IconButton
      key="send"
      type="submit"
      label="Send"
      shortcut="Enter"
      icon={<ArrowUp />}
      variant="primary"
      disabled={disabled}
    />
  );
}

function EditNote({ onCancel }: { onCancel: () => void }) {
  return (
    <p className="flex items-center justify-between gap-2 pl-1 text-xs text-subtle">
      Sending replaces your earlier message and everything after it.
      <IconButton label="Keep the earlier message" icon={<X />} size="sm" onClick={onCancel} />
    </p>
  );
}

function Notes({ notes }: { notes: readonly string[] }) {
  return (
    <div role="status" className="flex flex-col gap-0.5 pl-1 text-xs text-danger-text empty:hidden">
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}

function PickFiles({ files, disabled }: { files: DraftFiles; disabled: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton
        label={`Attach files (${LIMITS.count} at most, ${sizeText(LIMITS.bytes)} each)`}
        icon={<Paperclip />}
        disabled={disabled}
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        multiple
        // Files that fit nowhere are refused with a reason, which a greyed-out list would not give.
        aria-label="Files"
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          files.add([...(event.target.files ?? [])]);
          // The same file can be chosen again after it was removed.
          event.target.value = '';
        }}
      />
    </>
  );
}
