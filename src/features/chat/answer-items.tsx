'use client';

import { ChevronRight } from 'lucide-react';
import { memo } from 'react';
import { ToolRow } from './activity-row.tsx';
import type { AnswerItem, Passage } from './answer.ts';
import { Markdown } from './markdown.tsx';

/** What an answer says and which tools it called, in the order it happened. */
export function AnswerItems({ items }: { items: readonly AnswerItem[] }) {
  const shown = items.filter((item) => item.kind !== 'node');
  if (shown.length === 0) return null;
  return (
    <div className="flex flex-col gap-2">
      {shown.map((item) =>
        item.kind === 'text' ? (
          <PassageView key={item.key} passage={item} />
        ) : (
          <ToolRow key={item.key} activity={item} />
        ),
      )}
    </div>
  );
}

const PassageView = memo(function PassageView({ passage }: { passage: Passage }) {
  const { text, reasoning, open } = passage;
  const thinking = open && text === '';
  return (
    <>
      {reasoning === '' ? null : <Reasoning text={reasoning} thinking={thinking} />}
      {thinking && reasoning !== '' ? null : text === '' && !open ? null : (
        <Markdown text={text} streaming={open} />
      )}
    </>
  );
});

/** What the model thought before it answered; folded, because it is rarely worth reading. */
function Reasoning({ text, thinking }: { text: string; thinking: boolean }) {
  return (
    <details className="group/why my-1 text-xs text-subtle">
      <summary className="touch-target flex w-fit list-none items-center gap-1 rounded-sm hover:text-text [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-3.5 transition-transform group-open/why:rotate-90" aria-hidden />
        {thinking ? 'Thinking…' : 'Thoughts'}
      </summary>
      <p className="mt-1 max-h-60 overflow-y-auto border-l-2 pl-3 whitespace-pre-wrap break-words">{text}</p>
    </details>
  );
}
