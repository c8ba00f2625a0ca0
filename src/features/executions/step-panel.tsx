'use client';

import { Footprints } from 'lucide-react';
import { isFinished } from '#client/run-status.ts';
import { EmptyState } from '#ui/empty-state.tsx';
import type { Run } from './run.ts';
import type { RunStep } from './run-step.ts';
import { StepDetail } from './step-detail.tsx';
import { StepList } from './step-list.tsx';

interface StepPanelProps {
  run: Run;
  steps: readonly RunStep[];
  selected: string | null;
  onSelect: (nodeId: string | null) => void;
}

/** The steps as a timeline, and beside it the one that is looked at. */
export function StepPanel({ run, steps, selected, onSelect }: StepPanelProps) {
  const step = steps.find((one) => one.nodeId === selected);
  if (steps.length === 0) {
    return (
      <EmptyState
        compact
        icon={<Footprints />}
        title={isFinished(run.status) ? 'No step was taken' : 'No step has started yet'}
        description={
          isFinished(run.status) ? 'The run ended before its first step.' : 'Steps appear here as they start.'
        }
      />
    );
  }
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <StepList steps={steps} run={run} selected={selected} onSelect={onSelect} />
      {step ? (
        // A failed run already says at the top what to do.
        <StepDetail key={step.nodeId} run={run} step={step} advise={run.status !== 'failed'} />
      ) : (
        <EmptyState
          compact
          className="rounded-lg border border-dashed"
          title={selected === null ? 'Choose a step' : 'This node took no part in the run'}
          description={selected === null ? 'Its input, output and error are shown here.' : undefined}
        />
      )}
    </div>
  );
}
