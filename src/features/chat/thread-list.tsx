'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, Pencil, SquarePen, Trash2 } from 'lucide-react';
import { type SubmitEvent, useId, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { api, trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Input } from '#ui/input.tsx';
import { Menu } from '#ui/menu.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { toastProblem } from './toast-problem.ts';

export type Thread = OutputOf<'chat', 'threads'>['items'][number];

const SHOWN = 100;

/** The person's conversations with a workflow, the last used first. */
export function useThreads(slug: string) {
  const queries = useQueryClient();
  const input = { workflow_slug: slug, limit: SHOWN };
  const { data } = useQuery(trpc.chat.threads.queryOptions(input));
  const refetch = (): Promise<void> =>
    queries.invalidateQueries({ queryKey: trpc.chat.threads.queryKey({ workflow_slug: slug }) });
  return { threads: data?.items ?? [], refetch };
}

export const titleOf = (thread: Thread): string => thread.title || 'New conversation';

interface ThreadListProps {
  slug: string;
  threads: readonly Thread[];
  current: string | null;
  onOpen: (threadId: string | null) => void;
  refetch: () => Promise<void>;
}

/** Switches between conversations, begins, names and deletes them. */
export function ThreadList({ slug, threads, current, onOpen, refetch }: ThreadListProps) {
  const [renaming, setRenaming] = useState<Thread | null>(null);
  const begin = useBegin({ slug, threads, onOpen, refetch });
  const remove = useRemoval({ slug, current, onOpen, refetch });
  return (
    <nav aria-label="Conversations" className="flex h-full min-h-0 flex-col">
      <div className="p-2">
        <Button size="sm" icon={<SquarePen />} onClick={begin} className="w-full">
          New conversation
        </Button>
      </div>
      <ul className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {threads.map((thread) => (
          <li
            key={thread.thread_id}
            className={cn(
              'group/thread flex items-center rounded-md hover:bg-hover',
              thread.thread_id === current && 'bg-selected',
            )}
          >
            <button
              type="button"
              aria-current={thread.thread_id === current}
              onClick={() => onOpen(thread.thread_id)}
              className="min-w-0 flex-1 rounded-md px-2 py-1.5 text-left text-xs"
            >
              <span className="block truncate font-medium">{titleOf(thread)}</span>
              <span className="block truncate text-subtle">
                <RelativeTime value={thread.updated_at} />
              </span>
            </button>
            <Menu
              align="end"
              trigger={
                <IconButton
                  label={`More for ${titleOf(thread)}`}
                  icon={<Ellipsis />}
                  size="sm"
                  className="mr-1"
                />
              }
              items={[
                { label: 'Rename…', icon: <Pencil />, onSelect: () => setRenaming(thread) },
                { label: 'Delete…', icon: <Trash2 />, danger: true, onSelect: () => void remove(thread) },
              ]}
            />
          </li>
        ))}
      </ul>
      {renaming ? (
        <RenameDialog slug={slug} thread={renaming} refetch={refetch} onClose={() => setRenaming(null)} />
      ) : null}
    </nav>
  );
}

interface Beginning extends Pick<ThreadListProps, 'slug' | 'threads' | 'refetch'> {
  onOpen: (threadId: string) => void;
}

/** Begins another conversation and goes there; one in which nothing was said yet is as good as a new one. */
export function useBegin({ slug, threads, onOpen, refetch }: Beginning) {
  return (): void => {
    const empty = threads.find((one) => one.title === '' && one.updated_at === one.created_at);
    if (empty) {
      onOpen(empty.thread_id);
      return;
    }
    api.chat.createThread.mutate({ workflow_slug: slug }).then((thread) => {
      onOpen(thread.thread_id);
      return refetch();
    }, toastProblem('No conversation was begun'));
  };
}

function useRemoval({ slug, current, onOpen, refetch }: Omit<ThreadListProps, 'threads'>) {
  const confirm = useConfirm();
  return async (thread: Thread): Promise<void> => {
    const sure = await confirm({
      title: `Delete “${titleOf(thread)}”?`,
      description: 'Its messages go, and what agents remember of it. This cannot be undone.',
      confirmLabel: 'Delete',
      tone: 'danger',
    });
    if (!sure) return;
    try {
      await api.chat.deleteThread.mutate({ workflow_slug: slug, thread_id: thread.thread_id });
      if (thread.thread_id === current) onOpen(null);
      await refetch();
    } catch (error) {
      toastProblem('The conversation was not deleted')(error);
    }
  };
}

interface RenameProps {
  slug: string;
  thread: Thread;
  refetch: () => Promise<void>;
  onClose: () => void;
}

function RenameDialog({ slug, thread, refetch, onClose }: RenameProps) {
  const form = useId();
  const [title, setTitle] = useState(thread.title);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (title.trim() === '') {
      setProblem('Give the conversation a name.');
      return;
    }
    setBusy(true);
    try {
      await api.chat.renameThread.mutate({
        workflow_slug: slug,
        thread_id: thread.thread_id,
        title: title.trim(),
      });
      await refetch();
      onClose();
    } catch (error) {
      setProblem(readProblem(error).message);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      size="sm"
      title="Rename conversation"
      onOpenChange={(open) => (open ? undefined : onClose())}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" loading={busy}>
            Rename
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
        {problem === null ? null : <ErrorNotice compact title={problem} />}
        <Field label="Name">
          <Input autoFocus maxLength={200} value={title} onValueChange={setTitle} />
        </Field>
      </form>
    </Dialog>
  );
}
