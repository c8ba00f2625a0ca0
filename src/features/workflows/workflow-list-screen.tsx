'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Plus, Upload } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { readProblem } from '#client/problem.ts';
import { useSearchState } from '#client/search-state.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Page, PageHeader } from '#ui/page-header.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import { CreateWorkflowDialog } from './create-workflow-dialog.tsx';
import { deletionStore } from './deferred-deletion.ts';
import { ImportDropArea } from './import-drop-area.tsx';
import { ImportWorkflowDialog } from './import-workflow-dialog.tsx';
import { ListFilter } from './list-filter.tsx';
import { type ListState, listState } from './list-state.ts';
import { NoWorkflow } from './no-workflow.tsx';
import type { WorkflowPage } from './workflow.ts';
import { WorkflowTable } from './workflow-table.tsx';

type Change = (change: Partial<ListState>, how?: { step?: boolean }) => void;

/** /workflows: every workflow of the person, with what can be done to one from outside. */
export function WorkflowListScreen() {
  const [state, change] = useSearchState(listState);
  const [creating, setCreating] = useState(false);
  const [importing, setImporting] = useState<{ readonly file: File | null } | null>(null);
  const create = () => setCreating(true);
  const openImport = () => setImporting({ file: null });
  return (
    <ImportDropArea onFile={(file) => setImporting({ file })}>
      <Page>
        <PageHeader
          title="Workflows"
          actions={
            <>
              <Button icon={<Upload />} onClick={openImport}>
                Import
              </Button>
              <Button variant="primary" icon={<Plus />} onClick={create}>
                Create workflow
              </Button>
            </>
          }
        />
        <WorkflowList state={state} change={change} onCreate={create} onImport={openImport} />
      </Page>
      {creating ? <CreateWorkflowDialog onClose={() => setCreating(false)} /> : null}
      {importing ? <ImportWorkflowDialog file={importing.file} onClose={() => setImporting(null)} /> : null}
    </ImportDropArea>
  );
}

interface WorkflowListProps {
  state: ListState;
  change: Change;
  onCreate: () => void;
  onImport: () => void;
}

function WorkflowList({ state, change, onCreate, onImport }: WorkflowListProps) {
  const { q, tag, sort, limit, offset } = state;
  const list = useQuery(
    trpc.workflows.list.queryOptions(
      { limit, offset, sort, ...(q !== '' && { q }), ...(tag !== '' && { tag }) },
      { placeholderData: keepPreviousData },
    ),
  );
  const page = useVisible(list.data);
  const filtered = q !== '' || tag !== '';
  const empty = page?.total === 0;
  return (
    <>
      {empty && !filtered ? null : <ListFilter state={state} change={change} />}
      {list.error ? (
        <ErrorNotice
          className="mb-4"
          title="The workflows could not be loaded"
          description={readProblem(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : null}
      {page === undefined ? (
        list.error ? null : (
          <SkeletonTable rows={8} columns={5} />
        )
      ) : empty ? (
        <NoWorkflow
          filter={{ q, tag }}
          onClear={() => change({ q: '', tag: '', offset: 0 })}
          onCreate={onCreate}
          onImport={onImport}
        />
      ) : (
        <WorkflowTable page={page} state={state} change={change} stale={list.isPlaceholderData} />
      )}
    </>
  );
}

/** The page without the workflows that are being deleted. */
function useVisible(page: WorkflowPage | undefined): WorkflowPage | undefined {
  const hidden = useStore(deletionStore, (deletion) => deletion.hidden);
  return useMemo(() => {
    if (!page || hidden.size === 0) return page;
    const items = page.items.filter((one) => !hidden.has(one.slug));
    return { items, total: page.total - (page.items.length - items.length) };
  }, [page, hidden]);
}
