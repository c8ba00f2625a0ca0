'use client';

import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { partReader, runPartReader, type StepLog, useStepLogs } from '#client/step-log.ts';
import { trpc } from '#client/trpc.ts';
import { startingAt } from '#domain/run/iteration.ts';
import { placesOf, scopeTitle } from '#domain/run/scope.ts';
import { Button } from '#ui/button.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { IterationChooser } from '#ui/iteration-chooser.tsx';
import type { ReadPart } from '#ui/json-part.ts';
import { JsonView } from '#ui/json-view.tsx';
import { SegmentedControl } from '#ui/segmented-control.tsx';
import { StatusBadge } from '#ui/status-badge.tsx';
import { durationText } from '../canvas/card-state.tsx';
import { onlyParts } from '../canvas/graph-facts.ts';
import { useDocument, useEditor, useLayout, useRun } from '../editor-context.ts';
import { useControlIfAny } from '../run/control-context.ts';
import { iterationsIn, type Ledger, repetitionAt } from '../run/ledger.ts';
import { isOver } from '../run/run-state.ts';
import type { StoredRun } from '../run/sample.ts';
import { StepCalls } from '../run/step-calls.tsx';
import type { CardState } from '../run/step-view.ts';

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
  return <OfRun run={run.data} nodeId={nodeId} title={title} />;
}

interface OfRunProps {
  run: StoredRun;
  nodeId: string;
  title: string;
}

function OfRun({ run, nodeId, title }: OfRunProps) {
  const state = useRun((view) => view.steps[nodeId]?.state ?? 'idle');
  const ledger = useDeferredValue(useRun((view) => view.ledgers[nodeId]));
  const { definitionOf } = useEditor();
  const isUsed = useDocument((doc) => onlyParts(doc.graph, definitionOf).has(nodeId));
  if (ledger) return <Iterations run={run} nodeId={nodeId} ledger={ledger} />;
  if (run.trigger_node_id === nodeId) {
    const read = runPartReader(run.execution_id, 'trigger');
    return <Panes output={run.trigger_payload} readOutput={read} />;
  }
  if (isUsed && state === 'idle') return <PartCalls executionId={run.execution_id} nodeId={nodeId} />;
  if (state === 'idle') return <Hint>{title} has not run in this execution.</Hint>;
  return <Attempts run={run} nodeId={nodeId} scope="" state={state} empty={`${title} is ${state}.`} />;
}

/** One repetition of the node at a time; the same item stays shown from node to node. */
function Iterations({ run, nodeId, ledger }: { run: StoredRun; nodeId: string; ledger: Ledger }) {
  const { layout } = useEditor();
  const wish = useLayout((state) => state.iteration);
  const [failedOnly, setFailedOnly] = useState(false);
  const iterations = useMemo(() => iterationsIn(ledger), [ledger]);
  const at = startingAt(iterations, wish);
  const scope = iterations[at]?.scope ?? '';
  const state = repetitionAt(ledger, scope)?.state ?? 'idle';
  return (
    <div className="flex min-h-0 flex-col gap-2">
      <IterationChooser
        iterations={iterations}
        at={at}
        caption={placesOf(scope).length > 1 ? scopeTitle(scope) : undefined}
        failedOnly={failedOnly}
        onFailedOnlyChange={setFailedOnly}
        onChange={(next) => layout.setState({ iteration: iterations[next]?.scope ?? null })}
      />
      <Attempts
        key={scope}
        run={run}
        nodeId={nodeId}
        scope={scope}
        state={state}
        empty={`This repetition is ${state}.`}
      />
    </div>
  );
}

/** The calls of a node that is only plugged in. */
function PartCalls({ executionId, nodeId }: { executionId: string; nodeId: string }) {
  const over = useRun((view) => isOver(view.status));
  return (
    <>
      <StepCalls executionId={executionId} of={{ tool_node_id: nodeId }} over={over} />
      <Hint>What it is asked for, and what it gives, is told by the node it is plugged into.</Hint>
    </>
  );
}

interface AttemptsProps {
  run: StoredRun;
  nodeId: string;
  scope: string;
  state: CardState;
  /** What is said while there is nothing to read. */
  empty: string;
}

function Attempts({ run, nodeId, scope, state, empty }: AttemptsProps) {
  const over = useRun((view) => isOver(view.status));
  const { attempts, loading, error, retry } = useStepLogs({ run, nodeId, scope, state, over });
  const calls = <StepCalls executionId={run.execution_id} of={{ node_id: nodeId, scope }} over={over} />;
  if (loading) return <Hint>Loading the data…</Hint>;
  if (error) {
    const { message } = readProblem(error);
    return <ErrorNotice compact title="The data could not be loaded" description={message} onRetry={retry} />;
  }
  return (
    <div className="flex min-h-0 flex-col gap-3">
      {attempts.length === 0 ? (
        <Hint>{empty}</Hint>
      ) : (
        <OneAttempt attempts={attempts} executionId={run.execution_id} />
      )}
      {calls}
    </div>
  );
}

function OneAttempt({ attempts, executionId }: { attempts: readonly StepLog[]; executionId: string }) {
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
      <Panes
        key={shown.id}
        input={shown.input}
        output={shown.output}
        logs={shown.logs}
        readInput={partReader(executionId, { step: shown.id, side: 'input' })}
        readOutput={partReader(executionId, { step: shown.id, side: 'output' })}
      />
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

interface PanesProps {
  input?: StepLog['input'];
  output: unknown;
  logs?: readonly string[];
  readInput?: ReadPart;
  readOutput: ReadPart;
}

function Panes({ input, output, logs = [], readInput, readOutput }: PanesProps) {
  return (
    <div className="grid min-h-0 gap-3 @xl:grid-cols-2">
      {input === undefined ? null : (
        <Pane title="Input">
          <JsonView value={input} label="Input" rootPath="input" openDepth={3} read={readInput} />
        </Pane>
      )}
      <Pane title="Output">
        <JsonView value={output} label="Output" rootPath="output" openDepth={3} read={readOutput} />
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
