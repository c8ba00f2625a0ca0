'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { JsonView } from '#ui/json-view.tsx';
import { SegmentedControl } from '#ui/segmented-control.tsx';
import { StatusBadge } from '#ui/status-badge.tsx';
import { durationText } from '../canvas/card-state.tsx';
import { useRun } from '../editor-context.ts';
import { isOver } from '../run/run-state.ts';
import type { StoredRun } from '../run/sample.ts';

/** The shown run as stored; asked for again while it goes on. */
export function useStoredRun() {
  const executionId = useRun((run) => run.executionId);
  const over = useRun((run) => isOver(run.status));
  return useQuery(
    trpc.executions.get.queryOptions(
      { execution_id: executionId ?? '' },
      { enabled: executionId !== null, refetchInterval: over ? false : 1500 },
    ),
  );
}

/** What went into a node and what came out of it in the shown run. */
export function NodeData({ nodeId, title }: { nodeId: string; title: string }) {
  const run = useStoredRun();
  const executionId = useRun((state) => state.executionId);
  const state = useRun((view) => view.steps[nodeId]?.state ?? 'idle');
  const [attempt, setAttempt] = useState<string | null>(null);
  if (executionId === null)
    return <Hint>No output yet. Press Run to see what {title} receives and gives.</Hint>;
  if (run.isPending) return <Hint>Loading the run…</Hint>;
  if (run.error && !run.data)
    return (
      <ErrorNotice
        compact
        title="The run could not be loaded"
        description={readProblem(run.error).message}
        onRetry={() => void run.refetch()}
      />
    );
  const attempts = run.data.logs.filter((log) => log.node_id === nodeId);
  const shown = attempts.find((log) => String(log.attempt) === attempt) ?? attempts.at(-1);
  if (run.data.trigger_node_id === nodeId && !shown)
    return <Panes input={undefined} output={run.data.trigger_payload} />;
  if (!shown)
    return (
      <Hint>{state === 'idle' ? `${title} has not run in this execution.` : `${title} is ${state}.`}</Hint>
    );
  return (
    <div className="flex min-h-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3 text-xs text-subtle tabular-nums">
        <StatusBadge status={shown.status} />
        <span>{durationText(shown.duration_ms)}</span>
        {attempts.length > 1 ? (
          <SegmentedControl
            size="sm"
            ariaLabel="Attempt"
            value={String(shown.attempt)}
            onValueChange={setAttempt}
            items={attempts.map((one) => ({ value: String(one.attempt), label: `Attempt ${one.attempt}` }))}
          />
        ) : null}
        {run.isFetching && run.error ? (
          <Button size="sm" variant="ghost" onClick={() => void run.refetch()}>
            Retry
          </Button>
        ) : null}
      </div>
      {shown.error ? (
        <ErrorNotice compact title={shown.error_code ?? 'The step failed'} description={shown.error} />
      ) : null}
      <Panes input={shown.input} output={shown.output} logs={shown.logs} />
    </div>
  );
}

type Log = StoredRun['logs'][number];

function Panes({
  input,
  output,
  logs = [],
}: {
  input: Log['input'] | undefined;
  output: unknown;
  logs?: readonly string[];
}) {
  return (
    <div className="grid min-h-0 gap-3 @xl:grid-cols-2">
      {input === undefined ? null : (
        <Pane title="Input">
          <JsonView value={input} label="Input" rootPath="input" openDepth={3} />
        </Pane>
      )}
      <Pane title="Output">
        <JsonView value={output} label="Output" rootPath="output" openDepth={3} />
      </Pane>
      {logs.length > 0 ? (
        <Pane title="Log">
          <pre className="overflow-x-auto font-mono text-xs whitespace-pre-wrap">{logs.join('\n')}</pre>
        </Pane>
      ) : null}
    </div>
  );
}

function Pane({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0">
      <h4 className="pb-1 text-2xs font-medium text-subtle">{title}</h4>
      <div className="overflow-auto rounded-md border border-border bg-surface p-1.5">{children}</div>
    </section>
  );
}

function Hint({ children }: { children: React.ReactNode }) {
  return <p className="py-4 text-center text-sm text-subtle">{children}</p>;
}
