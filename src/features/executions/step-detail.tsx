'use client';

import { useMemo, useState } from 'react';
import { type Iteration, inItemOrder, startingAt } from '#domain/run/iteration.ts';
import { placesOf, scopeTitle } from '#domain/run/scope.ts';
import { IterationChooser } from '#ui/iteration-chooser.tsx';
import { StatusBadge } from '#ui/status-badge.tsx';
import { repetitionText } from './repeated-step.ts';
import type { Run } from './run.ts';
import type { RunStep } from './run-step.ts';
import { StepData } from './step-data.tsx';
import { statusOfStep } from './step-list.tsx';

interface StepDetailProps {
  run: Run;
  step: RunStep;
  /** Adds what to do about an error. */
  advise: boolean;
}

/** One step: input, output, console lines and error of every attempt, in loops of every repetition. */
export function StepDetail({ run, step, advise }: StepDetailProps) {
  const { repetitions } = step;
  const [wish, setWish] = useState<string | null>(null);
  const shown = repetitions ? atWish(repetitions, wish) : null;
  return (
    <section aria-label={`Step ${step.title}`} className="min-w-0 rounded-lg border bg-surface p-4">
      <header className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="min-w-0 truncate text-base font-semibold">{step.title}</h2>
        <StatusBadge status={statusOfStep(step.state)} />
        {repetitions ? <span className="text-xs text-subtle">{repetitionText(step)}</span> : null}
      </header>
      {shown && repetitions ? (
        <>
          <Chooser repetitions={repetitions} at={shown.scope} onChange={setWish} />
          <StepData key={shown.scope} run={run} step={shown.step} scope={shown.scope} advise={advise} />
        </>
      ) : (
        <StepData run={run} step={step} scope="" advise={advise} />
      )}
    </section>
  );
}

type Repetitions = NonNullable<RunStep['repetitions']>;

const iterationsIn = (repetitions: Repetitions): Iteration[] =>
  inItemOrder(Array.from(repetitions, ([scope, step]) => ({ scope, failed: step.state === 'failed' })));

/** The repetition that was chosen; before, the first that failed. */
function atWish(repetitions: Repetitions, wish: string | null): { scope: string; step: RunStep } | null {
  const chosen = wish === null ? undefined : repetitions.get(wish);
  if (wish !== null && chosen) return { scope: wish, step: chosen };
  const iterations = iterationsIn(repetitions);
  const scope = iterations[startingAt(iterations, wish)]?.scope ?? '';
  const step = repetitions.get(scope);
  return step ? { scope, step } : null;
}

interface ChooserProps {
  repetitions: Repetitions;
  at: string;
  onChange: (scope: string) => void;
}

function Chooser({ repetitions, at, onChange }: ChooserProps) {
  const [failedOnly, setFailedOnly] = useState(false);
  const iterations = useMemo(() => iterationsIn(repetitions), [repetitions]);
  return (
    <div className="mb-3 border-b pb-3">
      <IterationChooser
        iterations={iterations}
        at={iterations.findIndex(({ scope }) => scope === at)}
        caption={placesOf(at).length > 1 ? scopeTitle(at) : undefined}
        failedOnly={failedOnly}
        onFailedOnlyChange={setFailedOnly}
        onChange={(next) => {
          const scope = iterations[next]?.scope;
          if (scope !== undefined) onChange(scope);
        }}
      />
    </div>
  );
}
