import { useMemo, useRef, useState } from 'react';
import { type Attachment, fileAttachment } from './attachment.ts';
import type { ChatFace } from './chat-face.ts';
import type { Conversation } from './conversation.ts';
import { toastProblem } from './toast-problem.ts';
import type { Question } from './turn.ts';
import { type DraftFiles, useDraftFiles } from './use-draft-files.ts';

/** What is being written. */
export interface Draft {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly files: DraftFiles;
  /** The earlier message that is being changed. */
  readonly editing: string | null;
  readonly setEditing: (id: string | null) => void;
}

export function useDraft(): Draft {
  const [text, setText] = useState('');
  const [editing, setEditing] = useState<string | null>(null);
  const files = useDraftFiles();
  return { text, setText, files, editing, setEditing };
}

export interface Sending {
  readonly send: (text: string, attachments: readonly Attachment[]) => Promise<void>;
  /** Puts an earlier message into the composer. */
  readonly edit: (turnId: string) => Promise<void>;
  /** Gives back what was being written before an earlier message was changed. */
  readonly cancelEdit: () => void;
}

interface SendingParts {
  readonly conversation: Conversation;
  readonly draft: Draft;
  readonly files: ChatFace['files'];
  readonly focus: () => void;
}

interface Written {
  readonly text: string;
  readonly attachments: readonly Attachment[];
}

const NOTHING: Written = { text: '', attachments: [] };

/** What can be done with a draft. The functions stay the same, so that no message is drawn anew with every key. */
export function useSending(parts: SendingParts): Sending {
  const { conversation } = parts;
  // What the person does reads the draft of that moment.
  const now = useRef(parts);
  now.current = parts;
  const before = useRef(NOTHING);
  return useMemo(() => {
    const put = ({ text, attachments }: Written, editing: string | null): void => {
      const { setText, setEditing, files } = now.current.draft;
      setText(text);
      setEditing(editing);
      files.set(attachments);
    };
    const send = async (text: string, attachments: readonly Attachment[]): Promise<void> => {
      const { editing } = now.current.draft;
      put(NOTHING, null);
      await conversation.send(text, attachments, editing ?? undefined).catch((error: unknown) => {
        toastProblem('It was not sent')(error);
        // Nothing that was written may be lost.
        put({ text, attachments }, editing);
      });
    };
    const edit = async (turnId: string): Promise<void> => {
      const turn = conversation.store.getState().turns.find((one) => one.id === turnId);
      if (turn?.kind !== 'question') return;
      const attachments = await attachmentsOf(turn, now.current.files);
      const { draft, focus } = now.current;
      if (draft.editing === null) before.current = { text: draft.text, attachments: draft.files.attachments };
      const refused = turn.state === 'refused';
      put({ text: turn.text, attachments }, refused ? null : turnId);
      if (refused) conversation.drop(turnId);
      focus();
    };
    const cancelEdit = (): void => {
      put(before.current, null);
      before.current = NOTHING;
    };
    return { send, edit, cancelEdit };
  }, [conversation]);
}

/** The files of a message, so that they can be sent again. */
async function attachmentsOf(
  turn: Question,
  { readFile }: ChatFace['files'],
): Promise<readonly Attachment[]> {
  const read = turn.attachments.map(async (one) => {
    if ('data' in one) return one;
    return fileAttachment(new File([await readFile(one.id)], one.filename, { type: one.media_type }));
  });
  try {
    return await Promise.all(read);
  } catch (error) {
    toastProblem('The files of the message could not be read')(error);
    return [];
  }
}
