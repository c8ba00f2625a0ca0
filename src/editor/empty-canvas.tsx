'use client';

import { NodeIcon } from './canvas/node-icon.tsx';
import { useActions } from './command/actions-context.ts';
import { useDocument, useEditor } from './editor-context.ts';

/** What a new workflow starts with. */
export function EmptyCanvas() {
  const empty = useDocument((state) => state.nodes.size === 0);
  const { definitions } = useEditor();
  const actions = useActions();
  if (!empty) return null;
  return (
    <div className="pointer-events-none absolute inset-0 z-10 grid place-items-center p-4">
      <div className="pointer-events-auto w-full max-w-sm rounded-xl border border-border bg-surface p-5 shadow-raised">
        <h2 className="pb-1 text-base">Start with a trigger</h2>
        <p className="pb-4 text-sm text-subtle">
          It decides when the workflow runs. Drag one from the palette or choose here.
        </p>
        <div className="flex flex-col gap-2">
          {definitions
            .filter((one) => one.trigger)
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
