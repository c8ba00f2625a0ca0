'use client';

import { Check, Minus, PenLine, Plus, X } from 'lucide-react';
import { useEditor } from '../editor-context.ts';
import type { Mark } from '../propose/proposal-store.ts';

const LOOKS = {
  added: { icon: Plus, word: 'Added' },
  changed: { icon: PenLine, word: 'Changed' },
  removed: { icon: Minus, word: 'Removed' },
} as const;

/** What a proposed change does with a card, and the way to take or leave it. */
export function MarkChip({ node, title, mark }: { node: string; title: string; mark: Mark }) {
  const { marks } = useEditor();
  const { icon: Icon, word } = LOOKS[mark.kind];
  return (
    <button
      type="button"
      // The list beside the canvas is the way for the keyboard.
      tabIndex={-1}
      aria-pressed={!mark.rejected}
      aria-label={`${word}: ${title}. ${mark.rejected ? 'Rejected' : 'Accepted'}`}
      onClick={(event) => {
        event.stopPropagation();
        marks.getState().toggle(node);
      }}
      className="mark-chip nodrag nopan"
    >
      <Icon aria-hidden />
      {word}
      <span className="mark-verdict">{mark.rejected ? <X aria-hidden /> : <Check aria-hidden />}</span>
    </button>
  );
}
