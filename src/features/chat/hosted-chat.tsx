'use client';

import { MessageSquareOff, RotateCcw, X } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { type ClientProblem, readProblem } from '#client/problem.ts';
import type { OutputOf } from '#contract/contract.ts';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Spinner } from '#ui/spinner.tsx';
import { ThemeToggle } from '#ui/theme-toggle.tsx';
import { ConversationView } from './conversation-view.tsx';
import { toastProblem } from './toast-problem.ts';
import { useConversation } from './use-conversation.ts';
import { type VisitClient, visitClient } from './visit-client.ts';
import { visitorPort } from './visitor-port.ts';

type Visited = OutputOf<'visits', 'page'>;

/** The chat of one workflow for people without an account. `framed`: inside the widget of another site. */
export function HostedChat({ pageId, framed }: { pageId: string; framed: boolean }) {
  const client = useMemo(() => visitClient(pageId, framed), [pageId, framed]);
  const [page, setPage] = useState<Visited | null>(null);
  const [problem, setProblem] = useState<ClientProblem | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    client.page().then(setPage, (error: unknown) => setProblem(readProblem(error)));
  }, [client, tries]);
  useFrame(framed);
  if (page) return <Visit client={client} page={page} framed={framed} />;
  return (
    <main className="grid h-dvh place-items-center bg-bg p-4">
      {problem === null ? (
        <Spinner size="lg" label="Opening the chat" />
      ) : problem.status === 404 ? (
        <ChatGone />
      ) : (
        <ErrorNotice
          title="The chat could not be opened"
          description={problem.message}
          onRetry={() => {
            setProblem(null);
            setTries(tries + 1);
          }}
        />
      )}
    </main>
  );
}

/** Stands where there is no chat, or none any more. */
export function ChatGone() {
  return (
    <EmptyState
      icon={<MessageSquareOff />}
      title="There is no chat here"
      description="The address may be mistyped, or whoever runs this chat has switched it off."
      className="max-w-120 bg-surface"
    />
  );
}

interface VisitProps {
  client: VisitClient;
  page: Visited;
  framed: boolean;
}

function Visit({ client, page, framed }: VisitProps) {
  const port = useMemo(() => visitorPort(client), [client]);
  const conversation = useConversation(port, null);
  const empty = useStore(conversation.store, (state) => state.turns.length === 0);
  const confirm = useConfirm();
  useEffect(() => {
    // The frame had the focus before there was anything in it.
    if (framed && document.hasFocus()) document.querySelector('textarea')?.focus();
  }, [framed]);
  const face = useMemo(() => ({ runAddress: null, explain: null, questions: null, files: port }), [port]);
  const forget = async (): Promise<void> => {
    const sure = await confirm({
      title: 'Begin anew?',
      description: 'What was said so far is deleted. This cannot be undone.',
      confirmLabel: 'Delete and begin anew',
      tone: 'danger',
    });
    if (!sure) return;
    try {
      await client.call('DELETE', '/messages');
      await conversation.open();
      document.querySelector<HTMLElement>('textarea')?.focus();
    } catch (error) {
      toastProblem('The conversation was not deleted')(error);
    }
  };
  return (
    <div className="flex h-dvh min-h-0 flex-col bg-bg">
      <header className="flex h-13 shrink-0 items-center gap-1 border-b bg-surface px-4">
        <h1 className="min-w-0 flex-1 truncate text-base font-semibold">{page.title}</h1>
        {empty ? null : <IconButton label="Begin anew" icon={<RotateCcw />} onClick={() => void forget()} />}
        {framed ? (
          <IconButton label="Close chat" icon={<X />} onClick={() => tellHost('close')} />
        ) : (
          <ThemeToggle compact />
        )}
      </header>
      <main className="min-h-0 flex-1">
        <ConversationView
          conversation={conversation}
          face={face}
          takesFiles={page.attachments_enabled}
          maxLength={page.max_message}
          suggestions={page.suggestions}
          welcome={<Welcome page={page} />}
        />
      </main>
    </div>
  );
}

function Welcome({ page: { title, welcome } }: { page: Visited }) {
  return (
    <>
      <h2 className="text-xl">{title}</h2>
      {welcome === '' ? null : (
        <p className="mx-auto mt-2 max-w-120 text-base whitespace-pre-wrap text-pretty text-muted">
          {welcome}
        </p>
      )}
    </>
  );
}

/** The site around the widget hears only that the chat is to be closed; no word of what was said. */
function tellHost(what: 'close'): void {
  if (window.parent !== window) window.parent.postMessage({ pipewright: what }, '*');
}

/** In a frame Escape closes the chat, unless something inside was to be closed; opening it leads to the composer. */
function useFrame(framed: boolean): void {
  useEffect(() => {
    if (!framed) return;
    const onFocus = (): void => {
      if (document.activeElement === document.body) document.querySelector('textarea')?.focus();
    };
    const onKey = (event: KeyboardEvent): void => {
      const open = document.querySelector('[role="dialog"][data-open], [role="alertdialog"], [role="menu"]');
      if (event.key === 'Escape' && !event.defaultPrevented && !open) tellHost('close');
    };
    window.addEventListener('keydown', onKey);
    window.addEventListener('focus', onFocus);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('focus', onFocus);
    };
  }, [framed]);
}
