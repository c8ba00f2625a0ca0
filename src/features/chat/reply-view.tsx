'use client';

import { ChevronRight, ListTree, RotateCcw } from 'lucide-react';
import { memo, useId, useState } from 'react';
import { failureSentence } from '#domain/chat/failure-sentence.ts';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { CopyButton } from '#ui/copy-button.tsx';
import { formatDuration } from '#ui/duration.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Link } from '#ui/link.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { StepRows } from './activity-row.tsx';
import { type Activity, type Answer, passagesOf, type Spent } from './answer.ts';
import { AnswerItems } from './answer-items.tsx';
import { useChatFace } from './chat-face.ts';
import { adviceFor } from './failure-advice.ts';
import { Markdown } from './markdown.tsx';
import { toastProblem } from './toast-problem.ts';
import type { Reply } from './turn.ts';

interface ReplyProps {
  reply: Reply;
  /** Only the last one can be asked for again without dropping others. */
  last: boolean;
  busy: boolean;
}

const STOPPED = failureSentence('cancelled');

/** Stopped after it had begun to answer, and seen by nobody who would have its words here already. */
const isCutShort = ({ errorCode, texts, answer }: Reply): boolean =>
  errorCode === 'cancelled' &&
  texts.at(-1) !== STOPPED &&
  (answer === null || passagesOf(answer).length === 0);

/** What the workflow said. */
export const ReplyView = memo(function ReplyView({ reply, last, busy }: ReplyProps) {
  const heading = useId();
  const failed = reply.errorCode !== null;
  // The last words of a failure are its sentence; those of a stopped answer are as far as it came.
  const said = failed && !isCutShort(reply) ? reply.texts.slice(0, -1) : reply.texts;
  return (
    <article aria-labelledby={heading} className="group/turn flex flex-col gap-1">
      <h3 id={heading} className="sr-only">
        Answer
      </h3>
      <Said reply={reply} texts={said} />
      {failed ? <Failure reply={reply} busy={busy} last={last} /> : null}
      <ReplyFooter reply={reply} last={last && !failed} busy={busy} />
    </article>
  );
});

/** Its words, with the tool calls between them where they are known. */
function Said({ reply: { answer }, texts }: { reply: Reply; texts: readonly string[] }) {
  const seen = new Set(answer ? passagesOf(answer).map((one) => one.text.trim()) : []);
  return (
    <>
      {answer ? <AnswerItems items={answer.items} /> : null}
      {texts.map((text, at) =>
        text === '' || seen.has(text.trim()) ? null : <Markdown key={at} text={text} />,
      )}
    </>
  );
}

function Failure({ reply, busy, last }: { reply: Reply; busy: boolean; last: boolean }) {
  const { conversation, runAddress } = useChatFace();
  const stopped = reply.errorCode === 'cancelled';
  const address = reply.executionId !== null ? runAddress?.(reply.executionId) : undefined;
  const retry = (): void => void conversation.retry(reply.id).catch(toastProblem('It was not sent again'));
  return (
    <ErrorNotice
      compact
      quiet
      tone={stopped ? 'info' : 'danger'}
      className="mt-1"
      title={stopped ? STOPPED : reply.texts.at(-1) || 'The workflow failed.'}
      description={stopped || runAddress === null ? undefined : adviceFor(reply.errorCode ?? '')}
      action={
        last || address ? (
          <>
            {last ? (
              <Button size="sm" icon={<RotateCcw />} disabled={busy} onClick={retry}>
                Retry
              </Button>
            ) : null}
            {address ? (
              <Link href={address} className="rounded-sm text-xs text-link hover:underline">
                Open run
              </Link>
            ) : null}
          </>
        ) : undefined
      }
    />
  );
}

function ReplyFooter({ reply, last, busy }: ReplyProps) {
  const { conversation, explain, runAddress } = useChatFace();
  const retry = (): void => void conversation.retry(reply.id).catch(toastProblem('It was not sent again'));
  return (
    <>
      <div
        className={cn(
          'flex min-h-8 flex-wrap items-center gap-x-1 text-xs text-subtle',
          !last &&
            'opacity-0 transition-opacity group-focus-within/turn:opacity-100 group-hover/turn:opacity-100 pointer-coarse:opacity-100',
        )}
      >
        <span className="-ml-1.5 flex items-center">
          <CopyButton value={reply.texts.join('\n\n')} label="Copy answer" />
          {last ? (
            <IconButton label="Answer again" icon={<RotateCcw />} size="sm" disabled={busy} onClick={retry} />
          ) : null}
          {reply.answer === null && explain && reply.executionId !== null ? (
            <Explain executionId={reply.executionId} explain={explain} />
          ) : null}
        </span>
        {reply.at === null ? null : <RelativeTime value={reply.at} className="mr-2" />}
        {runAddress && reply.answer?.spent ? <SpentText spent={reply.answer.spent} /> : null}
        {runAddress && reply.executionId !== null && reply.errorCode === null ? (
          <Link href={runAddress(reply.executionId)} className="rounded-sm text-link hover:underline">
            Open run
          </Link>
        ) : null}
      </div>
      {runAddress && reply.answer ? <Steps answer={reply.answer} /> : null}
    </>
  );
}

function Explain({ executionId, explain }: { executionId: string; explain: (id: string) => Promise<void> }) {
  const [loading, setLoading] = useState(false);
  const load = async (): Promise<void> => {
    setLoading(true);
    await explain(executionId).catch(toastProblem('The steps could not be read'));
    setLoading(false);
  };
  return (
    <IconButton
      label="Show how it came about"
      icon={<ListTree />}
      size="sm"
      loading={loading}
      onClick={() => void load()}
    />
  );
}

/** `1,204 tokens · $0.0031 · 2.4 s`. */
function SpentText({ spent: { tokens, costUsd, durationMs } }: { spent: Spent }) {
  const parts = [
    ...(tokens > 0 ? [`${tokens.toLocaleString('en')} tokens`] : []),
    ...(costUsd > 0 ? [`$${costUsd < 0.01 ? costUsd.toFixed(5) : costUsd.toFixed(3)}`] : []),
    ...(durationMs > 0 ? [formatDuration(durationMs)] : []),
  ];
  return parts.length === 0 ? null : <span className="mr-2 tabular-nums">{parts.join(' · ')}</span>;
}

function Steps({ answer }: { answer: Answer }) {
  const steps = answer.items.filter((item): item is Activity => item.kind === 'node');
  if (steps.length === 0) return null;
  return (
    <details className="group/steps text-xs">
      <summary className="touch-target flex w-fit list-none items-center gap-1 rounded-sm text-subtle hover:text-text [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-3.5 transition-transform group-open/steps:rotate-90" aria-hidden />
        {steps.length} {steps.length === 1 ? 'step' : 'steps'}
      </summary>
      <div className="pt-1.5">
        <StepRows steps={steps} />
      </div>
    </details>
  );
}
