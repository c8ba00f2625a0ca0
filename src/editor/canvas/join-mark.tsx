'use client';

import { memo } from 'react';
import { cn } from '#ui/class-name.ts';
import { Tooltip } from '#ui/tooltip.tsx';
import { useDocument, useEditor } from '../editor-context.ts';
import { JOIN_WORDS, type Join } from '../join-words.ts';
import { arrivalsAt } from './graph-facts.ts';

/** Whether several edges lead to the node, so that it matters when it starts. */
export function useJoins(id: string): boolean {
  const { definitionOf } = useEditor();
  return useDocument((doc) => arrivalsAt(doc.graph, id, definitionOf) > 1);
}

/** When a node with several incoming edges runs, above its input side. */
export const JoinMark = memo(function JoinMark({ join }: { join: Join }) {
  const { short, title, explanation } = JOIN_WORDS[join];
  return (
    <Tooltip
      content={
        <>
          <b className="font-medium">{title}.</b> {explanation}
        </>
      }
    >
      <span
        data-join={join}
        className={cn(
          'absolute -top-2.5 left-2 z-1 flex h-5 items-center rounded-full border bg-surface px-1.5 text-2xs',
          join === 'all' ? 'border-border text-subtle' : 'border-strong font-medium text-text',
        )}
      >
        {short}
      </span>
    </Tooltip>
  );
});
