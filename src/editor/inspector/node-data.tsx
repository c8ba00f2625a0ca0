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
import { useEditor, useLayout, useRun } from '../editor-context.ts';
import { useControlIfAny } from '../run/control-context.ts';
import { isOver } from '../run/run-state.ts';
import type { StoredRun } from '../run/sample.ts';
import { type Iteration, iterationsOf, startingAt } from './iteration.ts';
import { IterationChooser } from './iteration-chooser.tsx';

/** Entries beyond which a run that goes on is not fetched again by itself: loops make many thousands of them. */
const MANY = 500;

/** The shown run as stored; asked for again while it goes on. */
export function useStoredRun() {
  const executionId = useRun((run) => run.executionId);
  const over = useRun((run) => isOver(run.status));
  return useQuery(
    trpc.executions.get.queryOptions(
      { execution_id: executionId ?? '' },
      {
        enabled: executionId !== null,
        refetchInterval: ({ state }) => (over || (state.data?.logs.length ?? 0) > MANY ? false : 1500),
        // Comparing thousands of entries takes longer than drawing the one that is shown.
        structuralSharing: false,
      },
    ),
  );
}

/** What went into a node and what came out of it in the shown run. */
export function NodeData({ nodeId, title }: { nodeId: string; title: string }) {
  const run = useStoredRun();
  const executionId = useRun((state) => state.executionId);
  const state = useRun((view) => view.steps[nodeId]?.state ?? 'idle');
  const over = useRun((view) => isOver(view.status));
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
  const iterations = iterationsOf(run.data.logs, nodeId);
  if (run.data.trigger_node_id === nodeId && iterations.length === 0)
    return <Panes input={undefined} output={run.data.trigger_payload} />;
  if (iterations.length === 0)
    return (
      <Hint>{state === 'idle' ? `${title} has not run in this execution.` : `${title} is ${state}.`}</Hint>
    );
  const stale = !over && run.data.logs.length > MANY;
  return (
    <div className="flex min-h-0 flex-col gap-2">
      {stale ? (
        <p className="flex items-center gap-2 text-xs text-subtle">
          The run goes on; this is what was there when it was last looked at.
          <Button size="sm" loading={run.isFetching} onClick={() => void run.refetch()}>
            Look again
          </Button>
        </p>
      ) : null}
      <Iterations iterations={iterations} />
    </div>
  );
}

/** One repetition of the node at a time; the same item stays shown from node to node. */
function Iterations({ iterations }: { iterations: readonly Iteration<Log>[] }) {
  const { layout } = useEditor();
  const wish = useLayout((state) => state.iteration);
  const [failedOnly, setFailedOnly] = useState(false);
  const at = startingAt(iterations, wish);
  const shown = iterations[at];
  const inLoop = (iterations[0]?.scope ?? '') !== '';
  return (
    <>
      {inLoop ? (
        <IterationChooser
          iterations={iterations}
          at={at}
          failedOnly={failedOnly}
          onFailedOnlyChange={setFailedOnly}
          onChange={(next) => layout.setState({ iteration: iterations[next]?.scope ?? null })}
        />
      ) : null}
      {shown ? <Attempts key={shown.scope} attempts={shown.attempts} /> : null}
    </>
  );
}

function Attempts({ attempts }: { attempts: readonly Log[] }) {
  const [attempt, setAttempt] = useState<string | null>(null);
  const shown = attempts.find((log) => String(log.attempt) === attempt) ?? attempts.at(-1);
  if (!shown) return null;
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
      </div>
      {shown.error ? (
        <ErrorNotice
          compact
          title={shown.error_code ?? 'The step failed'}
          description={shown.error}
          action={shown.scope === '' ? <RetryActions node={shown.node_id} /> : null}
        />
      ) : null}
      <Panes input={shown.input} output={shown.output} logs={shown.logs} />
    </div>
  );
}

/** What can be done about a failed step once its run is over. */
function RetryActions({ node }: { node: string }) {
  const { layout } = useEditor();
  const control = useControlIfAny();
  const over = useRun((run) => isOver(run.status));
  if (!control || !over) return null;
  return (
    <>
      <Button size="sm" onClick={() => control.retryFrom(node)}>
        Retry from here
      </Button>
      <Button size="sm" variant="ghost" onClick={() => layout.setState({ nodeForm: { node, retry: true } })}>
        With other input…
      </Button>
    </>
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
