'use client';

import { Sparkles } from 'lucide-react';
import { NodeIcon } from './canvas/node-icon.tsx';
import { useActions } from './command/actions-context.ts';
import { useDocument, useEditor } from './editor-context.ts';

/** What a new workflow starts with. */
export function EmptyCanvas() {
  const empty = useDocument((state) => state.nodes.size === 0);
  const { definitions, proposal } = useEditor();
  const actions = useActions();
  if (!empty) return null;
  return (
    <div className="pointer-events-none absolute inset-0 z-10 grid place-items-center p-4">
      <div className="pointer-events-auto w-full max-w-sm rounded-xl border border-border bg-surface p-5 shadow-raised">
        <h2 className="pb-1 text-base">Start with a trigger</h2>
        <p className="pb-4 text-sm text-subtle">
          It decides when the workflow runs. Drag one from the palette or choose here.
        </p>
        <button
          type="button"
          onClick={() => proposal.setState({ stage: 'asking', prompt: '', problems: [] }, true)}
          className="mb-2 flex w-full items-center gap-3 rounded-lg border border-accent/40 bg-accent-soft p-3 text-left transition-colors hover:border-accent"
        >
          <Sparkles className="size-5 shrink-0 text-accent-text" aria-hidden />
          <span className="min-w-0">
            <span className="block font-medium">Describe it</span>
            <span className="block text-xs text-subtle">A model draws it, and you review what it drew.</span>
          </span>
        </button>
        <div className="flex max-h-[min(26rem,50vh)] flex-col gap-2 overflow-y-auto">
          {definitions
            .filter((one) => one.trigger)
            .sort((a, b) => Number(b.trigger === 'chat') - Number(a.trigger === 'chat'))
            .map((one) => (
              <button
                key={one.type}
                type="button"
                aria-label={`Start with ${one.title}`}
                onClick={() => actions.addBeside(one)}
                className="flex items-center gap-3 rounded-lg border border-border p-3 text-left transition-colors hover:border-accent hover:bg-accent-soft"
              >
                <NodeIcon name={one.icon} className="size-5 shrink-0 text-accent-text" />
                <span className="min-w-0">
                  <span className="block font-medium">{one.title}</span>
                  <span className="block text-xs text-subtle">{one.summary}</span>
                </span>
              </button>
            ))}
        </div>
      </div>
    </div>
  );
}
