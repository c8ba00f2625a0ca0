'use client';

import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { isFinished } from '#client/run-status.ts';
import { partReader, type StepLog, useStepLogs } from '#client/step-log.ts';
import { StepCalls } from '#editor/run/step-calls.tsx';
import { CodeBlock } from '#ui/code-block.tsx';
import { Duration } from '#ui/duration.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import type { ReadPart } from '#ui/json-part.ts';
import { JsonView } from '#ui/json-view.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { Select } from '#ui/select.tsx';
import { StatusBadge } from '#ui/status-badge.tsx';
import { TabPanel, Tabs } from '#ui/tabs.tsx';
import { adviceFor } from './error-advice.ts';
import type { Run } from './run.ts';
import type { RunStep } from './run-step.ts';
import { statusOfStep } from './step-list.tsx';
import { StepShown } from './step-shown.tsx';

interface StepDataProps {
  run: Run;
  /** One repetition, or a step outside loops. */
  step: RunStep;
  scope: string;
  advise: boolean;
}

/** What one step was given, gave and said, attempt by attempt. */
export function StepData({ run, step, scope, advise }: StepDataProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const { nodeId, state } = step;
  const logs = useStepLogs({ run, nodeId, scope, state, over: isFinished(run.status) });
  const log = logs.attempts.find((one) => one.attempt === chosen) ?? logs.attempts.at(-1);
  const error = log?.error || (state === 'failed' ? step.error : '');
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-3 text-xs text-subtle empty:hidden">
        {scope === '' ? null : <StatusBadge appearance="inline" status={statusOfStep(state)} />}
        {log && state !== 'waiting' ? (
          <span>
            Took <Duration ms={log.duration_ms} />
          </span>
        ) : null}
        {step.resumeAt !== null && state === 'waiting' ? (
          <span>
            Goes on <RelativeTime value={step.resumeAt} />
            {step.shown ? ' at the latest' : null}
          </span>
        ) : null}
        {logs.attempts.length > 1 ? (
          <Attempts attempts={logs.attempts} value={log?.attempt ?? 1} onChange={setChosen} />
        ) : null}
      </div>
      {error ? (
        <ErrorNotice
          compact
          className="mb-3"
          title={error}
          description={advise ? adviceFor(log?.error_code ?? step.errorCode) : undefined}
        />
      ) : null}
      {step.shown ? <StepShown shown={step.shown} waiting={state === 'waiting'} /> : null}
      {logs.error ? (
        <ErrorNotice
          compact
          title="The data could not be loaded"
          description={readProblem(logs.error).message}
          onRetry={logs.retry}
        />
      ) : log ? (
        <Data key={`${log.id} ${log.status}`} log={log} executionId={run.execution_id} />
      ) : (
        <p className="text-sm text-muted">
          {logs.loading ? 'Loading the data…' : (EXPLAIN[state] ?? 'Nothing is known yet.')}
        </p>
      )}
      <div className="@container mt-4 empty:hidden">
        <StepCalls
          executionId={run.execution_id}
          of={{ node_id: nodeId, scope }}
          over={isFinished(run.status)}
        />
      </div>
    </>
  );
}

const EXPLAIN: Partial<Record<RunStep['state'], string>> = {
  running: 'The step is running. Its input and output appear when it ends.',
  waiting: 'The step is waiting. Its output appears when it goes on.',
  skipped: 'The branch that leads here was not taken.',
  pending: 'The step is waiting for its turn.',
};

interface AttemptsProps {
  attempts: readonly StepLog[];
  value: number;
  onChange: (attempt: number) => void;
}

function Attempts({ attempts, value, onChange }: AttemptsProps) {
  return (
    <Select
      className="ml-auto w-auto"
      size="sm"
      ariaLabel="Attempt"
      value={String(value)}
      onValueChange={(next) => onChange(Number(next))}
      items={attempts.map(({ attempt, status }) => ({
        value: String(attempt),
        label: `Attempt ${attempt}: ${status}`,
      }))}
    />
  );
}

function Data({ log, executionId }: { log: StepLog; executionId: string }) {
  const read = (side: 'input' | 'output') => partReader(executionId, { step: log.id, side });
  const [tab, setTab] = useState(log.status === 'failed' || log.status === 'waiting' ? 'input' : 'output');
  return (
    <Tabs
      ariaLabel="Step data"
      variant="pill"
      value={tab}
      onValueChange={setTab}
      items={[
        { value: 'output', label: 'Output' },
        { value: 'input', label: 'Input' },
        ...(log.logs.length > 0 ? [{ value: 'logs', label: 'Console', count: log.logs.length }] : []),
      ]}
    >
      <TabPanel value="output" className="pt-3">
        <Value value={log.output} read={read('output')} label="Output" empty="The step gave no output." />
      </TabPanel>
      <TabPanel value="input" className="pt-3">
        <Value value={log.input} read={read('input')} label="Input" empty="The step took no input." />
      </TabPanel>
      <TabPanel value="logs" className="pt-3">
        <CodeBlock code={log.logs.join('\n')} maxHeight="50dvh" lineNumbers />
      </TabPanel>
    </Tabs>
  );
}

interface ValueProps {
  value: unknown;
  /** Fetches what of it was too large to be sent. */
  read: ReadPart;
  label: string;
  empty: string;
}

/** A JSON value, or a sentence when there is none. */
export function Value({ value, read, label, empty }: ValueProps) {
  const nothing = value === null || value === undefined;
  if (nothing) return <p className="rounded-md bg-sunken px-3 py-4 text-sm text-muted">{empty}</p>;
  return (
    <JsonView
      value={value}
      read={read}
      label={label}
      openDepth={3}
      maxHeight="56dvh"
      className="border bg-sunken p-3"
    />
  );
}
