'use client';

import { useQuery } from '@tanstack/react-query';
import { ExternalLink, MessageSquare, MessagesSquare, Share2, SquarePen } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { ConversationView } from './conversation-view.tsx';
import { memberPort } from './member-port.ts';
import { ShareDialog } from './share-dialog.tsx';
import { ThreadList, titleOf, useBegin, useThreads } from './thread-list.tsx';
import { useConversation, useExplain } from './use-conversation.ts';

export interface ChatPanelProps {
  slug: string;
  /** The chat trigger that is talked to. */
  triggerId: string;
  beforeSend: () => Promise<void>;
  onRun: (executionId: string) => void;
  /** What a run asks people, with the answers to it. */
  questions: (executionId: string) => ReactNode;
}

/** The conversations of the person who builds a workflow with it: beside its canvas. */
export function ChatPanel({ slug, triggerId, beforeSend, onRun, questions }: ChatPanelProps) {
  const [threadId, setThreadId] = useState<string | null>(null);
  const [sharing, setSharing] = useState(false);
  const [listing, setListing] = useState(false);
  const { threads, refetch } = useThreads(slug);
  const begin = useBegin({ slug, threads, onOpen: setThreadId, refetch });
  const port = useMemo(() => memberPort(slug, triggerId), [slug, triggerId]);
  const conversation = useConversation(port, threadId, {
    beforeSend,
    onRun: (executionId) => {
      onRun(executionId);
      // It has a title now, and is the one used last.
      void refetch();
    },
  });
  const explain = useExplain(port, conversation);
  const face = useMemo(() => ({ runAddress, explain, questions, files: port }), [explain, questions, port]);
  const page = useQuery(trpc.chat.page.queryOptions({ workflow_slug: slug }));
  const shared = page.data?.enabled ? page.data.path : null;
  const current = threadId ?? threads.find((one) => one.is_main)?.thread_id ?? null;
  return (
    <div className="@container flex h-full min-h-0">
      <div className="flex w-52 shrink-0 flex-col border-r @max-2xl:hidden">
        <div className="min-h-0 flex-1">
          <ThreadList
            slug={slug}
            threads={threads}
            current={current}
            onOpen={setThreadId}
            refetch={refetch}
          />
        </div>
        <div className="flex gap-1 border-t p-2">
          <Button size="sm" icon={<Share2 />} onClick={() => setSharing(true)} className="flex-1">
            Share chat
          </Button>
          <OpenPage path={shared} />
        </div>
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="flex min-h-9 shrink-0 items-center gap-0.5 border-b px-2 @2xl:hidden">
          <IconButton
            label="Conversations"
            icon={<MessagesSquare />}
            size="sm"
            onClick={() => setListing(true)}
          />
          <span className="min-w-0 flex-1 truncate px-1 text-xs font-medium">
            {titleIn(threads, current)}
          </span>
          <IconButton label="New conversation" icon={<SquarePen />} size="sm" onClick={begin} />
          <IconButton label="Share chat" icon={<Share2 />} size="sm" onClick={() => setSharing(true)} />
          <OpenPage path={shared} />
        </div>
        <ConversationView
          key={`${triggerId} ${threadId ?? ''}`}
          className="flex-1"
          conversation={conversation}
          face={face}
          takesFiles
          welcome={<Welcome />}
          placeholder="Message the workflow"
        />
      </div>
      {listing ? (
        <Dialog open placement="right" size="sm" title="Conversations" onOpenChange={setListing}>
          <ThreadList
            slug={slug}
            threads={threads}
            current={current}
            onOpen={(id) => {
              setListing(false);
              setThreadId(id);
            }}
            refetch={refetch}
          />
        </Dialog>
      ) : null}
      {sharing ? <ShareDialog slug={slug} onClose={() => setSharing(false)} /> : null}
    </div>
  );
}

const runAddress = (executionId: string): string => `/executions/${executionId}`;

type Threads = Parameters<typeof ThreadList>[0]['threads'];

function titleIn(threads: Threads, current: string | null): string {
  const thread = threads.find((one) => one.thread_id === current);
  return thread ? titleOf(thread) : 'New conversation';
}

function OpenPage({ path }: { path: string | null }) {
  if (path === null) return null;
  return (
    <IconButton
      label="Open in new tab"
      icon={<ExternalLink />}
      size="sm"
      onClick={() => window.open(path, '_blank', 'noopener')}
    />
  );
}

function Welcome() {
  return (
    <EmptyState
      compact
      icon={<MessageSquare />}
      title="Say something to your workflow"
      description="The canvas shows which nodes work on the answer and which tools they call."
    />
  );
}
