'use client';

import { useMutation } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Textarea } from '#ui/textarea.tsx';
import type { Task } from './epic.ts';
import { putTask } from './use-move-task.ts';

type Note = Task['notes'][number];

/** What people and agents have noted about a task, the oldest first. */
export function NoteList({ task }: { task: Task }) {
  const [text, setText] = useState('');
  const save = useMutation(
    trpc.tasks.update.mutationOptions({
      onSuccess: (changed) => putTask(task.epic_id, changed),
    }),
  );
  const replace = (notes: Note[], done?: () => void) =>
    save.mutate({ task_id: task.id, notes }, { onSuccess: () => done?.() });
  const add = () => {
    if (text.trim() !== '') replace([...task.notes, text.trim()], () => setText(''));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    add();
  };
  return (
    <div className="flex flex-col gap-2">
      {save.error ? <ErrorNotice compact title={readProblem(save.error).message} /> : null}
      {task.notes.length > 0 ? (
        <ul className="flex flex-col divide-y rounded-md border">
          {task.notes.map((note, at) => (
            // Notes have no identity beyond their place.
            <li key={`${at}:${wordsOf(note)}`} className="flex items-start gap-2 py-1 pr-1 pl-2.5 text-sm">
              <span className="min-w-0 flex-1 py-1 break-words whitespace-pre-wrap">{wordsOf(note)}</span>
              <IconButton
                size="sm"
                label={`Delete note ${at + 1}`}
                icon={<X />}
                disabled={save.isPending}
                onClick={() => replace(task.notes.filter((_, index) => index !== at))}
              />
            </li>
          ))}
        </ul>
      ) : null}
      <Textarea
        rows={2}
        maxLength={10_000}
        aria-label="New note"
        placeholder="Add a note"
        value={text}
        onValueChange={setText}
        onKeyDown={onKeyDown}
      />
      <Button className="self-end" onClick={add} loading={save.isPending} disabled={text.trim() === ''}>
        Add note
      </Button>
    </div>
  );
}

/** Agents may keep structured notes; their text is what people want to read. */
function wordsOf(note: Note): string {
  if (typeof note === 'string') return note;
  if (note !== null && typeof note === 'object' && !Array.isArray(note)) {
    const text = note['text'] ?? note['note'] ?? note['content'];
    if (typeof text === 'string') return text;
  }
  return JSON.stringify(note);
}
