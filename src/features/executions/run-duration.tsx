'use client';

import { useEffect, useState } from 'react';
import { isFinished } from '#client/run-status.ts';
import type { ExecutionStatus } from '#domain/run/event.ts';
import { Duration } from '#ui/duration.tsx';

interface Timed {
  readonly status: ExecutionStatus;
  readonly started_at: string | null;
  readonly completed_at: string | null;
}

/** How long a run took, or has been going on, counting along. */
export function RunDuration({ run, className }: { run: Timed; className?: string }) {
  const going = !isFinished(run.status) && run.started_at !== null;
  const now = useSeconds(going);
  if (run.started_at === null) return <Duration ms={null} className={className} />;
  const end = run.completed_at === null ? now : Date.parse(run.completed_at);
  return <Duration ms={Math.max(0, end - Date.parse(run.started_at))} className={className} />;
}

function useSeconds(going: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!going) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [going]);
  return now;
}
