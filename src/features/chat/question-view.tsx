'use client';

import { Pencil, RotateCcw, X } from 'lucide-react';
import { memo, useId } from 'react';
import { Button } from '#ui/button.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { SentAttachments } from './attachment-chip.tsx';
import { useChatFace } from './chat-face.ts';
import { toastProblem } from './toast-problem.ts';
import type { Question } from './turn.ts';

/** What a person said. */
export const QuestionView = memo(function QuestionView({
  question,
  busy,
}: {
  question: Question;
  busy: boolean;
}) {
  const { edit } = useChatFace();
  const heading = useId();
  const { text, attachments, state } = question;
  return (
    <article
      aria-labelledby={heading}
      className="group/turn ml-auto flex max-w-[85%] min-w-0 flex-col items-end"
      data-state={state}
    >
      <h3 id={heading} className="sr-only">
        Your message
      </h3>
      <SentAttachments attachments={attachments} />
      {text === '' ? null : (
        <p
          className={`mt-1 rounded-xl rounded-br-sm max-w-full bg-accent-soft px-3.5 py-2 text-base wrap-anywhere whitespace-pre-wrap ${state === 'sending' ? 'opacity-70' : ''}`}
        >
          {text}
        </p>
      )}
      {state === 'refused' ? (
        <Refused question={question} />
      ) : (
        <div className="flex min-h-7 items-center opacity-0 transition-opacity group-focus-within/turn:opacity-100 group-hover/turn:opacity-100 pointer-coarse:opacity-100">
          {text === '' ? null : <CopyButton value={text} label="Copy message" />}
          <IconButton
            label="Edit and send again"
            icon={<Pencil />}
            size="sm"
            disabled={busy || state === 'sending'}
            onClick={() => edit(question.id)}
          />
        </div>
      )}
    </article>
  );
});

function Refused({ question: { id, problem } }: { question: Question }) {
  const { conversation, edit } = useChatFace();
  return (
    <div role="alert" className="mt-1 flex flex-col items-end gap-1 text-xs">
      <span className="text-right text-pretty text-danger-text">Not sent. {problem}</span>
      <span className="flex items-center gap-1">
        <Button
          size="sm"
          icon={<RotateCcw />}
          onClick={() => void conversation.retry(id).catch(toastProblem('It was not sent'))}
        >
          Try again
        </Button>
        <IconButton label="Edit message" icon={<Pencil />} size="sm" onClick={() => edit(id)} />
        <IconButton label="Remove message" icon={<X />} size="sm" onClick={() => conversation.drop(id)} />
      </span>
    </div>
  );
}
