'use client';

import { ArrowUpRight } from 'lucide-react';
import { memo } from 'react';
import { cn } from '#ui/class-name.ts';
import { Link } from '#ui/link.tsx';
import { useRun } from '../editor-context.ts';
import { useChildProgress } from '../run/use-child-progress.ts';

const NONE: readonly string[] = [];

/** The runs a node of the shown run waits for, or waited for. */
export const useChildrenOf = (node: string): readonly string[] =>
  useRun((state) => state.children.byNode[node] ?? NONE);

/** How far the runs are that a node waits for, with the way to them; it draws itself. */
export const ChildLine = memo(function ChildLine({ node, failed }: { node: string; failed: string | null }) {
  const ids = useChildrenOf(node);
  const { text, title } = useChildProgress(ids);
  const [first] = ids;
  if (first === undefined) return null;
  return (
    <span data-children={ids.length} className="flex min-w-0 items-center gap-1.5 text-xs">
      <span
        className={cn('min-w-0 flex-1 truncate tabular-nums', failed ? 'text-danger-text' : 'text-subtle')}
        title={failed ?? title}
      >
        {failed ?? text}
      </span>
      <Link
        href={`/executions/${first}`}
        tabIndex={-1}
        title={ids.length === 1 ? 'Open its run' : 'Open the first of its runs'}
        aria-label={ids.length === 1 ? 'Open its run' : 'Open the first of its runs'}
        onClick={(event) => event.stopPropagation()}
        className="nodrag nopan grid size-5 shrink-0 place-items-center rounded-sm text-link hover:bg-hover"
      >
        <ArrowUpRight className="size-3.5" aria-hidden />
      </Link>
    </span>
  );
});
