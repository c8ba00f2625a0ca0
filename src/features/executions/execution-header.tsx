'use client';

import { Ban, RotateCcw, SquarePen, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { isFinished, statusOfRun } from '#client/run-status.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import { count, dollars } from '#domain/model/amount.ts';
import { Button, ButtonLink } from '#ui/button.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { PageHeader } from '#ui/page-header.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { StatusBadge } from '#ui/status-badge.tsx';
import type { Run } from './run.ts';
import { RunDuration } from './run-duration.tsx';
import { triggerLabel } from './trigger-label.ts';
import { useCancel, useDelete, useRunAgain } from './use-run-action.ts';

/** What ran, how it stands, and what can be done about it. */
export function ExecutionHeader({ run }: { run: Run }) {
  return (
    <PageHeader
      breadcrumbs={[
        { label: 'Executions', href: '/executions' },
        { label: run.workflow_name, href: `/executions?workflow=${encodeURIComponent(run.workflow_slug)}` },
      ]}
      title={run.workflow_name}
      meta={<StatusBadge status={statusOfRun(run.status)} />}
      actions={<Actions run={run} />}
    >
      <Facts run={run} />
    </PageHeader>
  );
}

function Facts({ run }: { run: Run }) {
  return (
    <p className="-mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted">
      <span>{triggerLabel(run.trigger_kind)}</span>
      <span>
        Started <RelativeTime value={run.started_at ?? run.created_at} />
      </span>
      <span>
        {isFinished(run.status) ? 'Took' : 'Going on for'} <RunDuration run={run} />
      </span>
      {run.llm_calls > 0 ? <ModelFacts run={run} /> : null}
      <span className="flex min-w-0 items-center gap-1">
        <code className="truncate font-mono text-xs text-subtle">{run.execution_id}</code>
        <CopyButton value={run.execution_id} label="Copy the execution id" size="sm" />
      </span>
    </p>
  );
}

function ModelFacts({ run }: { run: Run }) {
  const { llm_calls, total_tokens, total_cost_usd } = run;
  const calls = `${llm_calls} model ${llm_calls === 1 ? 'call' : 'calls'}`;
  return (
    <span className="tabular-nums">
      {calls}, {count(total_tokens)} tokens, {dollars(total_cost_usd)}
    </span>
  );
}

function Actions({ run }: { run: Run }) {
  const router = useRouter();
  const again = useRunAgain();
  const [starting, setStarting] = useState(false);
  const id = run.execution_id;
  const cancel = useCancel(() => {
    void queryClient.invalidateQueries({ queryKey: trpc.executions.get.queryKey({ execution_id: id }) });
  });
  const remove = useDelete(() => router.push('/executions'));
  const runAgain = () => {
    setStarting(true);
    void again(run).finally(() => setStarting(false));
  };
  return (
    <>
      <ButtonLink href={`/workflows/${run.workflow_slug}`} icon={<SquarePen />}>
        Open workflow
      </ButtonLink>
      {isFinished(run.status) ? (
        <>
          <Button icon={<RotateCcw />} loading={starting} onClick={runAgain}>
            Run again
          </Button>
          <IconButton label="Delete execution" icon={<Trash2 />} onClick={() => void remove([id])} />
        </>
      ) : (
        <Button variant="danger" icon={<Ban />} onClick={() => void cancel([id])}>
          Cancel
        </Button>
      )}
    </>
  );
}
