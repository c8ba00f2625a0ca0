'use client';

import { Check, CloudOff, GitCompareArrows, LoaderCircle, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { nodeTitle } from '#domain/graph/graph.ts';
import { Button } from '#ui/button.tsx';
import { useDocument } from '../editor-context.ts';
import type { Autosave, SaveState } from './autosave.ts';

const ICON = 'size-3.5 shrink-0';

function faceOf({ status, queued }: SaveState): { text: string; icon: ReactNode; tone: string } {
  switch (status) {
    case 'saved':
      return { text: 'Saved', icon: <Check className={ICON} aria-hidden />, tone: 'text-subtle' };
    case 'dirty':
    case 'saving':
      return {
        text: 'Saving…',
        icon: <LoaderCircle className={`${ICON} animate-spin`} aria-hidden />,
        tone: 'text-subtle',
      };
    case 'offline': {
      const text = `Offline – ${queued} change${queued === 1 ? '' : 's'} queued`;
      return { text, icon: <CloudOff className={ICON} aria-hidden />, tone: 'text-warning-text' };
    }
    case 'conflict':
      return {
        text: 'Conflict',
        icon: <GitCompareArrows className={ICON} aria-hidden />,
        tone: 'text-warning-text',
      };
    case 'refused':
      return {
        text: 'Not saved',
        icon: <TriangleAlert className={ICON} aria-hidden />,
        tone: 'text-danger-text',
      };
  }
}

/** How saving stands, in a word. */
export function SavePill({ save }: { save: Autosave }) {
  const state = useStore(save.store);
  const { text, icon, tone } = faceOf(state);
  return (
    <span
      role="status"
      title={
        state.status === 'offline'
          ? 'Your changes are kept in this browser and are sent as soon as the server answers.'
          : undefined
      }
      className={`flex items-center gap-1.5 text-xs whitespace-nowrap ${tone}`}
    >
      {icon}
      {/* Where room is short, the mark says enough of what is as it should be. */}
      <span className={tone === 'text-subtle' ? 'max-sm:sr-only' : undefined}>{text}</span>
    </span>
  );
}

/** `node:http_1/config/url` as a person reads it. */
function placeOf(key: string, title: (id: string) => string): string {
  const [thing = '', ...rest] = key.split('/');
  const [kind, id = ''] = thing.split(':');
  if (kind === 'edge') return `edge ${id}`;
  const field = rest.filter((part) => part !== 'config').join(' › ');
  return field ? `${title(id)} › ${field}` : title(id);
}

/** Shown while someone else's saved change meets one's own: never modal, nothing is overwritten meanwhile. */
export function ConflictBar({ save }: { save: Autosave }) {
  const { status, conflicts, refusal } = useStore(save.store);
  const nodes = useDocument((state) => state.nodes);
  const title = (id: string): string => nodeTitle(nodes.get(id) ?? { label: null, id });
  if (status === 'refused') {
    return (
      <Bar text={`The server refuses the last change: ${refusal ?? ''}`}>
        <Button size="sm" onClick={() => void save.flush()}>
          Try again
        </Button>
        <Button size="sm" onClick={() => void save.discard()}>
          Use the saved version
        </Button>
      </Bar>
    );
  }
  if (status !== 'conflict') return null;
  const places = conflicts.slice(0, 3).map((key) => placeOf(key, title));
  return (
    <Bar
      text={`Somebody else changed ${places.join(', ')}${conflicts.length > 3 ? ' and more' : ''} as well.`}
    >
      <Button size="sm" variant="primary" onClick={() => save.resolveConflict('mine')}>
        Keep mine
      </Button>
      <Button size="sm" onClick={() => save.resolveConflict('theirs')}>
        Use theirs
      </Button>
    </Bar>
  );
}

function Bar({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-border bg-warning-soft px-4 py-2 text-sm text-warning-text"
    >
      <span className="min-w-0 flex-1">{text}</span>
      <span className="flex gap-2">{children}</span>
    </div>
  );
}
