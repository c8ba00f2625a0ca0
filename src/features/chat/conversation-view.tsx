'use client';

import './chat.css';
import { type DragEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { MAX_MESSAGE } from '#contract/chat-message.ts';
import { cn } from '#ui/class-name.ts';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Spinner } from '#ui/spinner.tsx';
import { type Attachment, LIMITS, typesText } from './attachment.ts';
import { type ChatFace, ChatFaceContext } from './chat-face.ts';
import { Composer } from './composer.tsx';
import type { Conversation } from './conversation.ts';
import { MessageList } from './message-list.tsx';
import { toastProblem } from './toast-problem.ts';
import { type DraftFiles, useDraftFiles } from './use-draft-files.ts';

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

interface Draft {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly files: DraftFiles;
  /** The earlier message that is being changed. */
  readonly editing: string | null;
  readonly setEditing: (id: string | null) => void;
}

/** One conversation with its composer. Fills the room it is given. */
export function ConversationView(props: ConversationViewProps) {
  const { conversation, face, takesFiles, disabledReason = null, suggestions = [] } = props;
  const input = useRef<HTMLTextAreaElement>(null);
  const draft = useDraft();
  const busy = useStore(conversation.store, (state) => state.busy);
  const { send, edit } = useSending(conversation, draft, () => input.current?.focus());
  const context = useMemo(() => ({ ...face, conversation, edit }), [face, conversation, edit]);
  const suggest = (text: string): void => void send(text, []);
  return (
    <ChatFaceContext value={context}>
      <DropArea
        enabled={takesFiles && disabledReason === null}
        files={draft.files}
        className={props.className}
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
        <div className="shrink-0 px-3 pb-3 sm:px-4">
          <div className="mx-auto w-full max-w-180">
            <Composer
              input={input}
              text={draft.text}
              onTextChange={draft.setText}
              files={takesFiles ? draft.files : null}
              busy={busy}
              disabledReason={disabledReason}
              editing={draft.editing !== null}
              onCancelEdit={() => {
                draft.setEditing(null);
                draft.setText('');
              }}
              onSend={() => void send(draft.text.trim(), draft.files.attachments)}
              onStop={() => void conversation.stop().catch(toastProblem('It could not be stopped'))}
              maxLength={props.maxLength ?? MAX_MESSAGE}
              placeholder={props.placeholder ?? 'Write a message'}
            />
          </div>
        </div>
        <Announcer conversation={conversation} />
      </DropArea>
    </ChatFaceContext>
  );
}

function useDraft(): Draft {
  const [text, setText] = useState('');
  const [editing, setEditing] = useState<string | null>(null);
  const files = useDraftFiles();
  return { text, setText, files, editing, setEditing };
}

function useSending(conversation: Conversation, draft: Draft, focus: () => void) {
  // What the person does reads the draft of that moment; the functions stay the same so that no message is drawn anew.
  const now = useRef({ draft, focus });
  now.current = { draft, focus };
  return useMemo(() => {
    const send = async (text: string, attachments: readonly Attachment[]): Promise<void> => {
      const { editing, setEditing, setText, files } = now.current.draft;
      setText('');
      files.set([]);
      setEditing(null);
      await conversation.send(text, attachments, editing ?? undefined).catch((error: unknown) => {
        toastProblem('It was not sent')(error);
        // Nothing that was written may be lost.
        setText(text);
        setEditing(editing);
        files.set(attachments);
      });
    };
    const edit = (turnId: string): void => {
      const { setEditing, setText, files } = now.current.draft;
      const turn = conversation.store.getState().turns.find((one) => one.id === turnId);
      if (turn?.kind !== 'question') return;
      setText(turn.text);
      if (turn.state === 'refused') {
        files.set(turn.attachments.filter((one): one is Attachment => 'data' in one));
        conversation.drop(turnId);
      } else setEditing(turnId);
      now.current.focus();
    };
    return { send, edit };
  }, [conversation]);
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
  children: ReactNode;
}

/** Files may be dropped anywhere on the conversation. */
function DropArea({ enabled, files, className, children }: DropProps) {
  const [over, setOver] = useState(false);
  const holdsFiles = (event: DragEvent): boolean => enabled && event.dataTransfer.types.includes('Files');
  return (
    <div
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

/** Reads a finished answer aloud, once; the words that appear one by one are not read. */
function Announcer({ conversation }: { conversation: Conversation }) {
  const { id, text } = useStore(conversation.store, (state) => state.announced);
  const [said, setSaid] = useState('');
  useEffect(() => setSaid(id === 0 ? '' : `Answer: ${text}`), [id, text]);
  return (
    <div role="log" aria-live="polite" aria-label="Answers" className="sr-only">
      {said === '' ? null : <p key={id}>{said}</p>}
    </div>
  );
}
