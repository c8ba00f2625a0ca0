'use client';

import { Clock, Hand } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '#ui/button.tsx';
import { durationText, untilText } from '../canvas/card-state.tsx';
import { useDocument, useEditor, useRun } from '../editor-context.ts';
import { isOver, type RunView } from './run-state.ts';
import { askingNode, isEnded } from './step-view.ts';

/** What the header says of a run that goes on: who is waited for, until when, or how long it takes. */
export function RunPill() {
  const going = useRun((run) => run.executionId !== null && !isOver(run.status));
  const asks = useRun((run) => askingNode(run.steps) !== null);
  const until = useRun(waitingUntil);
  if (!going) return null;
  if (asks) return <Asking />;
  if (until !== null) {
    return (
      <span className="flex items-center gap-1.5 text-xs whitespace-nowrap text-warning-text max-sm:hidden">
        <Clock className="size-3.5" aria-hidden />
        Waits {untilText(until, Date.now())}
      </span>
    );
  }
  return <RunClock />;
}

/** When the next wait ends, if nothing but waits is left. */
function waitingUntil({ steps }: RunView): number | null {
  const open = Object.values(steps).filter((step) => !isEnded(step.state) && step.state !== 'idle');
  const inLoops = open.some((step) => step.state === 'running' && step.progress === null);
  if (inLoops) return null;
  const ends = open.flatMap((step) => (step.state === 'waiting' && step.until !== null ? [step.until] : []));
  return ends.length === 0 ? null : Math.min(...ends);
}

function Asking() {
  const { layout } = useEditor();
  return (
    <Button
      size="sm"
      icon={<Hand />}
      aria-label="Waits for an answer"
      className="text-warning-text"
      onClick={() => layout.setState({ answering: true })}
    >
      <span className="max-sm:hidden">Waits for an answer</span>
      <span className="sm:hidden">Answer</span>
    </Button>
  );
}

const QUIET_MS = 2000;

/** “4 m 12 s · 7/19” while a run goes on for longer than a moment. */
function RunClock() {
  const startedAt = useRun((run) => run.startedAt);
  const ended = useRun((run) => Object.values(run.steps).filter((step) => isEnded(step.state)).length);
  const count = useDocument((state) => state.nodes.size);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  if (startedAt === null || now - startedAt < QUIET_MS) return null;
  return (
    <span className="text-xs whitespace-nowrap text-subtle tabular-nums max-sm:hidden">
      {durationText(now - startedAt)} · {ended}/{count}
    </span>
  );
}
