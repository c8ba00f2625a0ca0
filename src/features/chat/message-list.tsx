'use client';

import { ArrowDown } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { Button } from '#ui/button.tsx';
import type { Conversation } from './conversation.ts';
import { LiveAnswer } from './live-answer.tsx';
import { QuestionView } from './question-view.tsx';
import { ReplyView } from './reply-view.tsx';
import { toastProblem } from './toast-problem.ts';
import type { Turn } from './turn.ts';
import { useStickToBottom } from './use-stick-to-bottom.ts';

/** This near to the beginning, what was said before is fetched. */
const AHEAD = 200;

/** What was said, oldest first; what is being said is at the end. */
export function MessageList({ conversation, welcome }: { conversation: Conversation; welcome: ReactNode }) {
  const turns = useStore(conversation.store, (state) => state.turns);
  const busy = useStore(conversation.store, (state) => state.busy);
  const { scroller, content, atEnd, toEnd } = useStickToBottom(turns[0]?.id);
  const newest = turns.at(-1);
  // Whoever sends something wants to see what comes of it.
  const sending = newest?.kind === 'question' && newest.state === 'sending';
  useEffect(() => {
    if (sending) toEnd();
  }, [sending, toEnd]);
  const unread = useUnread(newest, atEnd);
  // What failed once is asked for again only by the button, not with every turn of the wheel.
  const failed = useRef(false);
  const older = async (): Promise<void> => {
    try {
      await conversation.older();
      failed.current = false;
    } catch (error) {
      failed.current = true;
      toastProblem('Earlier messages could not be read')(error);
    }
  };
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="region"
        aria-label="Conversation"
        data-messages
        tabIndex={0}
        onScroll={(event) => {
          if (event.currentTarget.scrollTop < AHEAD && !failed.current) void older();
        }}
        // What only listeners hear is placed within it, or it would make everything around it scroll.
        className="relative h-full overflow-y-auto overscroll-contain [overflow-anchor:none] focus-visible:-outline-offset-2"
      >
        <div ref={content} className="mx-auto flex min-h-full w-full max-w-180 flex-col px-4 py-4">
          <h2 className="sr-only">Conversation</h2>
          <Earlier conversation={conversation} onLoad={() => void older()} />
          {turns.length === 0 ? (
            <div className="m-auto w-full py-4 text-center">{welcome}</div>
          ) : (
            <div className="flex flex-col gap-3">
              {turns.map((turn, at) =>
                turn.kind === 'question' ? (
                  <QuestionView key={turn.id} question={turn} busy={busy} />
                ) : (
                  <ReplyView key={turn.id} reply={turn} last={at === turns.length - 1} busy={busy} />
                ),
              )}
              <LiveAnswer />
            </div>
          )}
        </div>
      </div>
      {atEnd ? null : (
        <Button
          size="sm"
          variant={unread ? 'primary' : 'secondary'}
          icon={<ArrowDown />}
          onClick={toEnd}
          className="absolute bottom-2 left-1/2 -translate-x-1/2 rounded-full shadow-raised"
        >
          {unread ? 'New answer' : 'Jump to latest'}
        </Button>
      )}
    </div>
  );
}

/** An answer has come that was not seen yet, because earlier messages are being read. */
function useUnread(newest: Turn | undefined, atEnd: boolean): boolean {
  const seen = useRef(newest?.id);
  if (atEnd) seen.current = newest?.id;
  return newest?.kind === 'reply' && newest.id !== seen.current;
}

function Earlier({ conversation, onLoad }: { conversation: Conversation; onLoad: () => void }) {
  const hasMore = useStore(conversation.store, (state) => state.hasMore);
  const loading = useStore(conversation.store, (state) => state.loadingOlder);
  if (!hasMore) return null;
  return (
    <Button variant="ghost" size="sm" loading={loading} onClick={onLoad} className="mb-2 self-center">
      Earlier messages
    </Button>
  );
}
