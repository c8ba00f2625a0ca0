'use client';

import { useId } from 'react';
import { useStore } from 'zustand';
import { Spinner } from '#ui/spinner.tsx';
import { WAITING_ELSEWHERE } from './announcer.tsx';
import type { Activity, Answer } from './answer.ts';
import { AnswerItems } from './answer-items.tsx';
import { useChatFace } from './chat-face.ts';

/** The answer while it is given. The only part of a conversation that is drawn again with every piece. */
export function LiveAnswer() {
  const { conversation, questions } = useChatFace();
  const answer = useStore(conversation.live);
  const heading = useId();
  if (!answer) return null;
  return (
    <article aria-labelledby={heading} className="flex flex-col gap-1" data-live-answer>
      <h3 id={heading} className="sr-only">
        Answer being written
      </h3>
      <AnswerItems items={answer.items} />
      <Working answer={answer} answerable={questions !== null} />
      {answer.status === 'interrupted' && questions ? (
        <div className="mt-2">{questions(answer.executionId)}</div>
      ) : null}
    </article>
  );
}

/** What goes on, unless words that appear say so already. */
function Working({ answer, answerable }: { answer: Answer; answerable: boolean }) {
  const last = answer.items.findLast((item) => item.kind !== 'node');
  if (last?.kind === 'text' && last.open && last.text !== '') return null;
  return (
    <p className="flex min-h-7 items-center gap-2 text-xs text-subtle">
      {answer.status === 'interrupted' ? null : <Spinner size="sm" />}
      {answer.status === 'interrupted' && !answerable ? WAITING_ELSEWHERE : workingText(answer)}
    </p>
  );
}

/** “Agent is working”. */
export function workingText(answer: Answer): string {
  if (answer.status === 'interrupted') return 'Waiting for an answer to a question';
  if (answer.status === 'pending') return 'Starting';
  const steps = answer.items.filter((item): item is Activity => item.kind === 'node');
  const running = steps.filter((item) => item.state === 'running').map((item) => item.title);
  const names = [...new Set(running)];
  if (names.length === 0) return steps.some((item) => item.state === 'waiting') ? 'Waiting' : 'Working';
  if (names.length === 1) return `${names[0]} is working`;
  return `${names.slice(0, 3).join(', ')} are working`;
}
