'use client';

import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { nodeTitle } from '#domain/graph/graph.ts';
import { useEditor } from './editor-context.ts';
import type { RunView } from './run/run-state.ts';
import { isEnded } from './run/step-view.ts';

const PAUSE_MS = 2000;

/** What happens on the canvas, for people who cannot see it: actions at once, a run's course every two seconds. */
export function Announcer() {
  const { announcement } = useEditor();
  const { text, assertive } = useStore(announcement);
  const run = useRunSummary();
  return (
    <>
      <div aria-live="polite" className="sr-only">
        {assertive ? '' : text}
      </div>
      <div aria-live="assertive" className="sr-only">
        {assertive ? text : ''}
      </div>
      <div aria-live="polite" className="sr-only">
        {run}
      </div>
    </>
  );
}

function useRunSummary(): string {
  const { run, document } = useEditor();
  const [text, setText] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let said: RunView = run.getState();
    const title = (id: string): string =>
      nodeTitle(document.store.getState().nodes.get(id) ?? { label: null, id });
    const say = (): void => {
      timer = undefined;
      const now = run.getState();
      const summary = summaryOf(said, now, title);
      said = now;
      if (summary) setText(summary);
    };
    const leave = run.subscribe(() => {
      timer ??= setTimeout(say, PAUSE_MS);
    });
    return () => {
      clearTimeout(timer);
      leave();
    };
  }, [run, document]);
  return text;
}

/** “3 nodes finished, Call the API running.” */
export function summaryOf(before: RunView, now: RunView, title: (id: string) => string): string {
  if (now.status === 'completed' && before.status !== 'completed') return 'Run completed.';
  if (now.status === 'failed' && before.status !== 'failed') return `Run failed. ${now.error ?? ''}`;
  if (now.status === 'cancelled' && before.status !== 'cancelled') return 'Run stopped.';
  if (now.status === 'interrupted' && before.status !== 'interrupted') return 'The run waits for an answer.';
  const ended = Object.entries(now.steps).filter(
    ([id, step]) => isEnded(step.state) && before.steps[id]?.state !== step.state,
  ).length;
  const running = Object.entries(now.steps)
    .filter(([, step]) => step.state === 'running')
    .map(([id]) => title(id));
  const parts = [
    ...(ended > 0 ? [`${ended} node${ended === 1 ? '' : 's'} finished`] : []),
    ...(running.length > 0 ? [`${running.slice(0, 3).join(', ')} running`] : []),
  ];
  return parts.length > 0 ? `${parts.join(', ')}.` : '';
}
