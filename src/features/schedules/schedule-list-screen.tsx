'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { useSearchState } from '#client/search-state.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Page, PageHeader } from '#ui/page-header.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import { type ListState, listState } from './list-state.ts';
import { NoSchedule } from './no-schedule.tsx';
import type { Schedule } from './schedule.ts';
import { ScheduleFilter } from './schedule-filter.tsx';
import { type FormPurpose, ScheduleForm } from './schedule-form.tsx';
import { ScheduleTable } from './schedule-table.tsx';

/** No event tells of a fire, so what is shown is asked for again. */
const REFRESH_MS = 5_000;
const NO_FILTER = { q: '', status: '', workflow: 0, offset: 0 } as const;

/** /schedules: every schedule of the person's workflows, with what can be done to one from outside. */
export function ScheduleListScreen() {
  const [state, change] = useSearchState(listState);
  const [form, setForm] = useState<FormPurpose | null>(null);
  const create = () => setForm({ kind: 'create', workflowId: state.workflow === 0 ? null : state.workflow });
  return (
    <Page>
      <PageHeader
        title="Schedules"
        actions={
          <Button variant="primary" icon={<Plus />} onClick={create}>
            Create schedule
          </Button>
        }
      />
      <ScheduleList
        state={state}
        change={change}
        onCreate={create}
        onEdit={(schedule) => setForm({ kind: 'edit', schedule })}
        onCopy={(schedule) => setForm({ kind: 'copy', schedule })}
      />
      {form ? <ScheduleForm purpose={form} onClose={() => setForm(null)} /> : null}
    </Page>
  );
}

interface ScheduleListProps {
  state: ListState;
  change: (change: Partial<ListState>, how?: { step?: boolean }) => void;
  onCreate: () => void;
  onEdit: (schedule: Schedule) => void;
  onCopy: (schedule: Schedule) => void;
}

function ScheduleList({ state, change, onCreate, onEdit, onCopy }: ScheduleListProps) {
  const { q, status, workflow, sort, limit, offset } = state;
  const list = useQuery(
    trpc.schedules.list.queryOptions(
      {
        limit,
        offset,
        sort,
        ...(q !== '' && { q }),
        ...(status !== '' && { status }),
        ...(workflow > 0 && { workflow_id: workflow }),
      },
      { placeholderData: keepPreviousData, refetchInterval: REFRESH_MS },
    ),
  );
  const page = list.data;
  const filtered = q !== '' || status !== '' || workflow > 0;
  const empty = page?.items.length === 0 && page.total === 0;
  return (
    <>
      {empty && !filtered ? null : <ScheduleFilter state={state} change={change} />}
      {list.error ? (
        <ErrorNotice
          className="mb-4"
          title="The schedules could not be loaded"
          description={readProblem(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : null}
      {page === undefined ? (
        list.error ? null : (
          <SkeletonTable rows={8} columns={6} />
        )
      ) : empty ? (
        <NoSchedule filtered={filtered} onClear={() => change(NO_FILTER)} onCreate={onCreate} />
      ) : (
        <ScheduleTable
          page={page}
          state={state}
          change={change}
          onEdit={onEdit}
          onCopy={onCopy}
          stale={list.isPlaceholderData}
        />
      )}
    </>
  );
}
