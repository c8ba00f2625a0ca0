'use client';

import { Hand, Pin, RotateCcw } from 'lucide-react';
import { nodeTitle } from '#domain/graph/graph.ts';
import { Button } from '#ui/button.tsx';
import { Link } from '#ui/link.tsx';
import { type Status, StatusBadge, StatusIcon } from '#ui/status-badge.tsx';
import { durationText, itemCount, untilText } from '../canvas/card-state.tsx';
import { stepNumbers } from '../canvas/graph-facts.ts';
import { useActions } from '../command/actions-context.ts';
import { useDocument, useEditor, useRun } from '../editor-context.ts';
import { useControlIfAny } from '../run/control-context.ts';
import { askingNode, type StepView } from '../run/step-view.ts';

export const RUN_STATUS: Readonly<Record<string, Status>> = {
  pending: 'queued',
  running: 'running',
  interrupted: 'waiting',
  completed: 'success',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** The steps of the shown run in running order; a click selects the node. */
export function StepLog() {
  const steps = useRun((state) => state.steps);
  const error = useRun((state) => state.error);
  const graph = useDocument((state) => state.graph);
  const nodes = useDocument((state) => state.nodes);
  const { layout, definitionOf } = useEditor();
  const actions = useActions();
  const open = (id: string): void => {
    actions.select([id], true);
    layout.setState({ dock: 'output' });
  };
  return (
    <div className="px-2 py-2">
      <RunLine />
      {error ? <p className="px-2 pb-2 text-sm text-danger-text">{error}</p> : null}
      <PinNotice />
      {[...stepNumbers(graph, definitionOf).keys()].map((id) => {
        const step = steps[id];
        if (!step) return null;
        const title = nodeTitle(nodes.get(id) ?? { label: null, id });
        return <StepRow key={id} title={title} step={step} onOpen={() => open(id)} />;
      })}
    </div>
  );
}

/** How the run stands, and what can be done about it. */
function RunLine() {
  const run = useRun((state) => state);
  const { layout } = useEditor();
  const control = useControlIfAny();
  const took = run.startedAt !== null && run.endedAt !== null ? run.endedAt - run.startedAt : null;
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-3 px-2 pb-2 text-xs text-subtle tabular-nums">
      <StatusBadge status={RUN_STATUS[run.status ?? 'pending'] ?? 'queued'} />
      {took === null ? null : <span>{durationText(took)}</span>}
      <Link href={`/executions/${run.executionId}`} className="text-link hover:underline">
        Open execution
      </Link>
      {askingNode(run.steps) === null ? null : (
        <Button size="sm" icon={<Hand />} onClick={() => layout.setState({ answering: true })}>
          Answer
        </Button>
      )}
      {run.status === 'failed' && control ? (
        <Button size="sm" icon={<RotateCcw />} onClick={() => control.retryFrom(null)}>
          Retry from where it failed
        </Button>
      ) : null}
    </div>
  );
}

/** Runs from here take kept outputs, which is easily forgotten. */
function PinNotice() {
  const pinned = useDocument((doc) =>
    doc.graph.nodes
      .filter((node) => node.settings.pin)
      .map(nodeTitle)
      .join(', '),
  );
  if (pinned === '') return null;
  return (
    <p className="flex items-center gap-1.5 px-2 pb-2 text-xs text-subtle">
      <Pin className="size-3.5 shrink-0 text-accent-text" aria-hidden />
      Runs from the editor take the pinned output of {pinned}.
    </p>
  );
}

function StepRow({ title, step, onOpen }: { title: string; step: StepView; onOpen: () => void }) {
  const failed = step.tally?.counts.failed ?? 0;
  const waits = step.state === 'waiting' && step.until !== null;
  return (
    <button
      type="button"
      onClick={onOpen}
      className="flex min-h-8 w-full items-center gap-2.5 rounded-md px-2 py-1 text-left hover:bg-hover"
    >
      <StatusIcon status={step.state} label={step.state} size={15} />
      <span className="min-w-0 shrink-0 truncate font-medium">{title}</span>
      <span className="min-w-0 flex-1 truncate text-xs text-danger-text">
        {failed > 0 ? `${failed.toLocaleString()} failed. ` : ''}
        {step.error ?? ''}
      </span>
      {step.attempt > 1 ? <span className="text-xs text-subtle">attempt {step.attempt}</span> : null}
      <span className="text-xs text-subtle tabular-nums">
        {waits ? untilText(step.until ?? 0, Date.now()) : (itemCount(step) ?? timeOf(step))}
      </span>
    </button>
  );
}

const timeOf = ({ durationMs }: StepView): string => (durationMs === null ? '' : durationText(durationMs));
