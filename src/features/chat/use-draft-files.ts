import { useCallback, useMemo, useRef, useState } from 'react';
import { type Attachment, fileAttachment, LIMITS, refusalOf } from './attachment.ts';

/** The files of the message being written. */
export interface DraftFiles {
  readonly attachments: readonly Attachment[];
  /** Why some were left out. */
  readonly notes: readonly string[];
  readonly add: (files: readonly File[]) => void;
  readonly remove: (id: string) => void;
  readonly set: (attachments: readonly Attachment[]) => void;
}

export function useDraftFiles(): DraftFiles {
  const [attachments, setAttachments] = useState<readonly Attachment[]>([]);
  const [notes, setNotes] = useState<readonly string[]>([]);
  const taken = useRef<readonly Attachment[]>([]);
  const keep = useCallback((next: readonly Attachment[]) => {
    taken.current = next;
    setAttachments(next);
  }, []);
  return useMemo(() => {
    const add = async (files: readonly File[]): Promise<void> => {
      const refused: string[] = [];
      for (const file of files) {
        const reason = refusalOf(file, taken.current, LIMITS);
        if (reason !== null) refused.push(reason);
        else {
          const read = await fileAttachment(file).catch(() => null);
          if (read) keep([...taken.current, read]);
          else refused.push(`“${file.name}” was left out: the browser could not read it.`);
        }
      }
      setNotes(refused);
    };
    return {
      attachments,
      notes,
      add: (files) => void add(files),
      remove: (id) => {
        setNotes([]);
        keep(taken.current.filter((one) => one.id !== id));
      },
      set: (next) => {
        setNotes([]);
        keep(next);
      },
    };
  }, [attachments, notes, keep]);
}
