'use client';

import { useState } from 'react';
import { CodeBlock } from '#ui/code-block.tsx';
import { Duration } from '#ui/duration.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { JsonView } from '#ui/json-view.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { Select } from '#ui/select.tsx';
import { StatusBadge } from '#ui/status-badge.tsx';
import { TabPanel, Tabs } from '#ui/tabs.tsx';
import { adviceFor } from './error-advice.ts';
import type { RunStep, StepLog } from './run-step.ts';
import { statusOfStep } from './step-list.tsx';
import { StepShown } from './step-shown.tsx';

/** One step: its attempts with input, output, console lines and error. `advise` adds what to do about the error. */
export function StepDetail({ step, advise }: { step: RunStep; advise: boolean }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const log = step.attempts.find((one) => one.attempt === chosen) ?? step.attempts.at(-1);
  const error = log?.error || (step.state === 'failed' ? step.error : '');
  return (
    <section aria-label={`Step ${step.title}`} className="min-w-0 rounded-lg border bg-surface p-4">
      <header className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="min-w-0 truncate text-base font-semibold">{step.title}</h2>
        <StatusBadge status={statusOfStep(step.state)} />
        {log ? (
          <span className="text-xs text-subtle">
            <Duration ms={log.duration_ms} />
          </span>
        ) : null}
        {step.resumeAt !== null && step.state === 'waiting' ? (
          <span className="text-xs text-subtle">
            goes on <RelativeTime value={step.resumeAt} />
          </span>
        ) : null}
        {step.attempts.length > 1 ? (
          <Attempts attempts={step.attempts} value={log?.attempt ?? 1} onChange={setChosen} />
        ) : null}
      </header>
      {error ? (
        <ErrorNotice
          compact
          className="mb-3"
          title={error}
          description={advise ? adviceFor(log?.error_code ?? step.errorCode) : undefined}
        />
      ) : null}
      {log ? <StepShown log={log} /> : null}
      {log ? (
        <Data log={log} />
      ) : (
        <p className="text-sm text-muted">{EXPLAIN[step.state] ?? 'Nothing is known yet.'}</p>
      )}
    </section>
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

function Data({ log }: { log: StepLog }) {
  const [tab, setTab] = useState(log.status === 'failed' ? 'input' : 'output');
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
        <Value value={log.output} label="Output" empty="The step gave no output." />
      </TabPanel>
      <TabPanel value="input" className="pt-3">
        <Value value={log.input} label="Input" empty="The step took no input." />
      </TabPanel>
      <TabPanel value="logs" className="pt-3">
        <CodeBlock code={log.logs.join('\n')} maxHeight="50dvh" lineNumbers />
      </TabPanel>
    </Tabs>
  );
}

/** A JSON value, or a sentence when there is none. */
export function Value({ value, label, empty }: { value: unknown; label: string; empty: string }) {
  const nothing = value === null || value === undefined;
  if (nothing) return <p className="rounded-md bg-sunken px-3 py-4 text-sm text-muted">{empty}</p>;
  return (
    <JsonView value={value} label={label} openDepth={3} maxHeight="56dvh" className="border bg-sunken p-3" />
  );
}
