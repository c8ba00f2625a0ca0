'use client';

import { useMemo, useState } from 'react';
import { isFinished } from '#client/run-status.ts';
import { Button } from '#ui/button.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Page } from '#ui/page-header.tsx';
import { TabPanel, Tabs } from '#ui/tabs.tsx';
import { ApprovalCards } from './approval-card.tsx';
import { adviceFor } from './error-advice.ts';
import { EventLog } from './event-log.tsx';
import { ExecutionHeader } from './execution-header.tsx';
import { ResultPanel } from './result-panel.tsx';
import type { RenderCanvas, Run } from './run.ts';
import type { RunStep } from './run-step.ts';
import { StepPanel } from './step-panel.tsx';
import { stepsOf } from './steps-of-run.ts';
import { useRunEvents } from './use-run-events.ts';

interface ExecutionDetailProps {
  run: Run;
  /** The node asked for in the address. */
  node: string | null;
  renderCanvas: RenderCanvas;
}

/** Everything about one run: header, failure, canvas, then steps, data and events. */
export function ExecutionDetail({ run, node, renderCanvas }: ExecutionDetailProps) {
  const { events, error } = useRunEvents(run.execution_id);
  const steps = useMemo(() => stepsOf(events, run.logs), [events, run.logs]);
  const [tab, setTab] = useState('steps');
  const failed = steps.find((step) => step.state === 'failed');
  const selected = node ?? (isFinished(run.status) ? (failed?.nodeId ?? null) : null);
  const select = (next: string | null) => {
    setNodeInAddress(next);
    if (next !== null) setTab('steps');
  };
  return (
    <Page width="full">
      <ExecutionHeader run={run} />
      {run.status === 'failed' ? <Failure run={run} step={failed} onSelect={select} /> : null}
      {run.status === 'interrupted' ? <ApprovalCards executionId={run.execution_id} /> : null}
      <section
        aria-label="Run on the canvas"
        className="mb-5 h-[42dvh] min-h-72 overflow-hidden rounded-lg border bg-surface"
      >
        {renderCanvas({ executionId: run.execution_id, selected, onSelect: select })}
      </section>
      <Tabs
        ariaLabel="Details"
        value={tab}
        onValueChange={setTab}
        items={[
          { value: 'steps', label: 'Steps', count: steps.length },
          { value: 'data', label: 'Input and result' },
          { value: 'events', label: 'Events', count: events.length },
        ]}
      >
        <TabPanel value="steps" className="pt-4">
          <StepPanel run={run} steps={steps} selected={selected} onSelect={select} />
        </TabPanel>
        <TabPanel value="data" className="pt-4">
          <ResultPanel run={run} />
        </TabPanel>
        <TabPanel value="events" className="pt-4">
          <EventLog events={events} error={error} />
        </TabPanel>
      </Tabs>
    </Page>
  );
}

function setNodeInAddress(node: string | null): void {
  const query = node === null ? '' : `?${new URLSearchParams({ node }).toString()}`;
  window.history.replaceState(null, '', `${window.location.pathname}${query}`);
}

interface FailureProps {
  run: Run;
  step: RunStep | undefined;
  onSelect: (nodeId: string) => void;
}

function Failure({ run, step, onSelect }: FailureProps) {
  return (
    <ErrorNotice
      className="mb-5"
      title={
        step
          ? `“${step.title}” failed: ${step.error || run.error_message}`
          : run.error_message || 'The run failed.'
      }
      description={adviceFor(step?.errorCode ?? null)}
      action={
        step ? (
          <Button size="sm" onClick={() => onSelect(step.nodeId)}>
            Show the failed step
          </Button>
        ) : undefined
      }
    />
  );
}
