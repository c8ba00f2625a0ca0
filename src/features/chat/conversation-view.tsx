'use client';

import './chat.css';
import { type DragEvent, type ReactNode, type RefObject, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { MAX_MESSAGE } from '#contract/chat-message.ts';
import { cn } from '#ui/class-name.ts';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Spinner } from '#ui/spinner.tsx';
import { Announcer } from './announcer.tsx';
import { LIMITS, typesText } from './attachment.ts';
import { type ChatFace, ChatFaceContext } from './chat-face.ts';
import { Composer } from './composer.tsx';
import type { Conversation } from './conversation.ts';
import { MessageList } from './message-list.tsx';
import { toastProblem } from './toast-problem.ts';
import { useDraft, useSending } from './use-draft.ts';
import type { DraftFiles } from './use-draft-files.ts';
import { useFocusKeeper } from './use-focus-keeper.ts';

export interface ConversationViewProps {
  conversation: Conversation;
  /** What stands where nothing was said yet. */
  welcome: ReactNode;
  suggestions?: readonly string[] | undefined;
  takesFiles: boolean;
  maxLength?: number | undefined;
  disabledReason?: string | null | undefined;
  face: Omit<ChatFace, 'conversation' | 'edit'>;
  placeholder?: string | undefined;
  className?: string | undefined;
}

/** One conversation with its composer. Fills the room it is given. */
export function ConversationView(props: ConversationViewProps) {
  const { conversation, face, takesFiles, disabledReason = null, suggestions = [] } = props;
  const input = useRef<HTMLTextAreaElement>(null);
  const draft = useDraft();
  const busy = useStore(conversation.store, (state) => state.busy);
  const sending = useSending({ conversation, draft, files: face.files, focus: () => input.current?.focus() });
  const { send, edit, cancelEdit } = sending;
  const context = useMemo(
    () => ({ ...face, conversation, edit: (turnId: string) => void edit(turnId) }),
    [face, conversation, edit],
  );
  const suggest = (text: string): void => void send(text, []);
  return (
    <ChatFaceContext value={context}>
      <DropArea
        enabled={takesFiles && disabledReason === null}
        files={draft.files}
        className={props.className}
        composer={input}
      >
        <Phase conversation={conversation}>
          <MessageList
            conversation={conversation}
            welcome={
              <>
                {props.welcome}
                <Suggestions
                  items={suggestions}
                  disabled={busy || disabledReason !== null}
                  onPick={suggest}
                />
              </>
            }
          />
        </Phase>
        <div className="relative shrink-0 px-3 pt-1 pb-3 sm:px-4">
          <div className="mx-auto w-full max-w-180">
            <Composer
              input={input}
              text={draft.text}
              onTextChange={draft.setText}
              files={takesFiles ? draft.files : null}
              busy={busy}
              disabledReason={disabledReason}
              editing={draft.editing !== null}
              onCancelEdit={cancelEdit}
              onSend={() => void send(draft.text.trim(), draft.files.attachments)}
              onStop={() => void conversation.stop().catch(toastProblem('It could not be stopped'))}
              maxLength={props.maxLength ?? MAX_MESSAGE}
              placeholder={props.placeholder ?? 'Write a message'}
            />
          </div>
        </div>
        <Announcer />
      </DropArea>
    </ChatFaceContext>
  );
}

/** What stands in the place of the messages while there are none to show. */
function Phase({ conversation, children }: { conversation: Conversation; children: ReactNode }) {
  const phase = useStore(conversation.store, (state) => state.phase);
  const problem = useStore(conversation.store, (state) => state.problem);
  if (phase === 'ready') return children;
  return (
    <div className="grid min-h-0 flex-1 place-items-center p-4">
      {phase === 'loading' ? (
        <Spinner label="Opening the conversation" />
      ) : (
        <ErrorNotice
          title="The conversation could not be opened"
          description={problem?.message}
          onRetry={() => void conversation.open()}
        />
      )}
    </div>
  );
}

interface SuggestionsProps {
  items: readonly string[];
  disabled: boolean;
  onPick: (text: string) => void;
}

function Suggestions({ items, disabled, onPick }: SuggestionsProps) {
  if (items.length === 0) return null;
  return (
    <ul aria-label="Suggestions" className="mt-5 flex flex-wrap justify-center gap-2">
      {items.map((item) => (
        <li key={item}>
          <button
            type="button"
            disabled={disabled}
            onClick={() => onPick(item)}
            className="min-h-9 rounded-full border border-strong bg-surface px-3.5 py-1.5 text-left text-sm hover:border-accent hover:bg-accent-soft disabled:opacity-50 pointer-coarse:min-h-11"
          >
            {item}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface DropProps {
  enabled: boolean;
  files: DraftFiles;
  className: string | undefined;
  composer: RefObject<HTMLTextAreaElement | null>;
  children: ReactNode;
}

/** Files may be dropped anywhere on the conversation. */
function DropArea({ enabled, files, className, composer, children }: DropProps) {
  const [over, setOver] = useState(false);
  const area = useRef<HTMLDivElement>(null);
  useFocusKeeper(area, composer, '[data-messages]');
  const holdsFiles = (event: DragEvent): boolean => enabled && event.dataTransfer.types.includes('Files');
  return (
    <div
      ref={area}
      className={cn('relative flex h-full min-h-0 min-w-0 flex-col', className)}
      onDragOver={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        event.stopPropagation();
        setOver(true);
      }}
      onDragLeave={(event) => {
        const to = event.relatedTarget;
        if (!(to instanceof Node && event.currentTarget.contains(to))) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        if (!holdsFiles(event)) return;
        event.preventDefault();
        event.stopPropagation();
        files.add([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over ? (
        <div className="pointer-events-none absolute inset-2 z-10 grid place-items-center rounded-xl border-2 border-dashed border-accent bg-accent-soft/90 text-sm font-medium">
          Drop to attach: {typesText(LIMITS.types)}
        </div>
      ) : null}
    </div>
  );
}
