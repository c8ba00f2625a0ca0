'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Play, Unlink } from 'lucide-react';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { statusOfRun } from '#client/run-status.ts';
import { api, trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Combobox } from '#ui/combobox.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Link } from '#ui/link.tsx';
import { StatusBadge } from '#ui/status-badge.tsx';
import type { Task } from './epic.ts';
import { money, numberOf } from './figure.ts';
import { putTask } from './use-move-task.ts';

const POLL_MS = 2_000;

/** The run that does a task's work: start one, link one, and what it took. */
export function TaskRun({ task }: { task: Task }) {
  const [failure, setFailure] = useState<string | null>(null);
  const link = useMutation({
    mutationFn: (execution_id: string | null) => api.tasks.update.mutate({ task_id: task.id, execution_id }),
    onSuccess: (changed) => putTask(task.epic_id, changed),
    onError: (error) => setFailure(readProblem(error).message),
  });
  const start = useMutation({
    mutationFn: (slug: string) => startFor(task, slug),
    onSuccess: (changed) => putTask(task.epic_id, changed),
    onError: (error) => setFailure(readProblem(error).message),
  });
  const act = (action: () => void) => {
    setFailure(null);
    action();
  };
  const slug = task.workflow_slug;
  return (
    <div className="flex flex-col gap-3">
      {failure ? <ErrorNotice compact title={failure} /> : null}
      {task.execution_id === null ? (
        <RunPicker slug={slug} onPick={(id) => act(() => link.mutate(id))} />
      ) : (
        <div className="flex items-center gap-2 rounded-md border py-1 pr-1 pl-2.5">
          <LinkedRun executionId={task.execution_id} />
          <IconButton
            size="sm"
            label="Unlink the run"
            icon={<Unlink />}
            loading={link.isPending}
            onClick={() => act(() => link.mutate(null))}
          />
        </div>
      )}
      {slug !== null && task.status !== 'running' ? (
        <Button
          className="self-start"
          icon={<Play />}
          loading={start.isPending}
          onClick={() => act(() => start.mutate(slug))}
        >
          Run the workflow
        </Button>
      ) : null}
      <Costs task={task} />
    </div>
  );
}

/** Starts the workflow with the task's words and links the run. */
async function startFor(task: Task, workflow_slug: string): Promise<Task> {
  const text = task.description === '' ? task.title : `${task.title}\n\n${task.description}`;
  const { execution_id } = await api.workflows.execute.mutate({ workflow_slug, text });
  return api.tasks.update.mutate({ task_id: task.id, execution_id, status: 'running' });
}

function LinkedRun({ executionId }: { executionId: string }) {
  const run = useQuery(
    trpc.executions.get.queryOptions(
      { execution_id: executionId },
      {
        refetchInterval: ({ state }) =>
          ['pending', 'running', 'interrupted'].includes(state.data?.status ?? '') ? POLL_MS : false,
      },
    ),
  );
  return (
    <span className="flex min-w-0 flex-1 items-center gap-3 text-sm">
      <Link href={`/executions/${executionId}`} className="truncate rounded-sm font-medium hover:underline">
        {run.data?.workflow_name ?? executionId.slice(0, 8)}
      </Link>
      {run.data ? <StatusBadge appearance="inline" status={statusOfRun(run.data.status)} /> : null}
    </span>
  );
}

function RunPicker({ slug, onPick }: { slug: string | null; onPick: (id: string) => void }) {
  const runs = useQuery(
    trpc.executions.list.queryOptions({ limit: 50, ...(slug !== null && { workflow_slug: slug }) }),
  );
  const items = (runs.data?.items ?? []).map((run) => ({
    value: run.execution_id,
    label: `${run.workflow_name}, ${new Date(run.created_at).toLocaleString()}`,
    description: `${run.status} · ${run.execution_id}`,
  }));
  return (
    <Combobox
      ariaLabel="Link an execution"
      placeholder="Link an execution"
      emptyText="No executions"
      clearable={false}
      loading={runs.isPending}
      items={items}
      value={null}
      onValueChange={(id) => {
        if (id !== null) onPick(id);
      }}
    />
  );
}

function Costs({ task }: { task: Task }) {
  const facts = [
    task.duration_ms > 0 ? `${numberOf(task.duration_ms)} ms` : null,
    task.actual_tokens > 0 ? `${numberOf(task.actual_tokens)} tokens` : null,
    task.actual_usd > 0 ? money(task.actual_usd) : null,
  ].filter((fact) => fact !== null);
  return facts.length === 0 ? null : <p className="text-xs text-subtle">Took {facts.join(' · ')}.</p>;
}
