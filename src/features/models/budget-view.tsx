'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { PiggyBank, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import { count, dollars } from '#domain/model/amount.ts';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import { toast } from '#ui/toast.tsx';
import type { Budget } from './budget.ts';
import { BudgetDialog } from './budget-dialog.tsx';

const LIMIT = 1000;
const PERIODS = { run: 'Each run', day: 'Each day', month: 'Each month' } as const;
const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.budgets.pathKey() });

/** What may be spent at most. Checked before every call of a model. */
export function BudgetView() {
  const [edited, setEdited] = useState<Budget | 'new' | null>(null);
  const list = useQuery(trpc.budgets.list.queryOptions({ limit: LIMIT }));
  const add = (
    <Button variant="primary" icon={<Plus />} onClick={() => setEdited('new')}>
      Set a budget
    </Button>
  );
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {list.data && list.data.total > 0 ? (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="max-w-160 flex-1 basis-64 text-sm text-muted">
            Checked before every call, with what the answer may take set aside. A call that does not fit is
            not made: its step fails with “budget exceeded”.
          </p>
          {add}
        </div>
      ) : null}
      {list.error ? (
        <ErrorNotice
          title="The budgets could not be loaded"
          description={readProblem(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : list.data === undefined ? (
        <SkeletonTable rows={3} columns={3} />
      ) : list.data.total === 0 ? (
        <EmptyState
          icon={<PiggyBank />}
          title="Nothing limits what models may cost"
          description="A budget in tokens or dollars, for each run, day or month, keeps a loop or a busy chat from spending without end."
          actions={add}
        />
      ) : (
        <ul aria-label="Budgets" className="divide-y rounded-lg border bg-surface">
          {list.data.items.map((budget) => (
            <BudgetRow key={budget.id} budget={budget} onEdit={() => setEdited(budget)} />
          ))}
        </ul>
      )}
      {edited === null ? null : (
        <BudgetDialog budget={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
    </div>
  );
}

function BudgetRow({ budget, onEdit }: { budget: Budget; onEdit: () => void }) {
  const { period, workflow_name, trigger_kind, max_tokens, max_usd, used_tokens, used_usd } = budget;
  const whose = workflow_name ?? 'Whole environment';
  const title = `${whose}, ${PERIODS[period].toLowerCase()}`;
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <div className="min-w-0 flex-1">
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={onEdit}
          className="max-w-full truncate rounded-sm text-left text-sm font-medium hover:underline"
        >
          {whose}
        </button>
        <p className="text-xs text-subtle">
          {PERIODS[period]}
          {trigger_kind === null ? '' : ` · only runs started by “${trigger_kind}”`}
        </p>
        <div className="mt-2 grid gap-x-6 gap-y-2 sm:grid-cols-2">
          {max_usd === null ? null : (
            <Meter
              label={`${title}: dollars`}
              used={used_usd}
              limit={max_usd}
              show={dollars}
              period={period}
            />
          )}
          {max_tokens === null ? null : (
            <Meter
              label={`${title}: tokens`}
              used={used_tokens}
              limit={max_tokens}
              show={(value) => `${count(value)} tokens`}
              period={period}
            />
          )}
        </div>
      </div>
      <RemoveBudget budget={budget} title={title} />
    </li>
  );
}

interface MeterProps {
  label: string;
  used: number;
  limit: number;
  show: (value: number) => string;
  period: Budget['period'];
}

/** How much of a limit is used; of a limit of every run there is nothing to add up. */
function Meter({ label, used, limit, show, period }: MeterProps) {
  if (period === 'run') return <p className="text-xs text-muted tabular-nums">At most {show(limit)}</p>;
  const share = limit === 0 ? 1 : Math.min(1, used / limit);
  const tone = share >= 1 ? 'bg-danger' : share >= 0.8 ? 'bg-warning' : 'bg-accent';
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap justify-between gap-x-2 text-xs text-muted tabular-nums">
        <span>{show(used)}</span>
        <span>of {show(limit)}</span>
      </p>
      <div
        role="meter"
        aria-label={label}
        aria-valuenow={used}
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuetext={`${show(used)} of ${show(limit)}`}
        className="mt-1 h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div className={cn('h-full rounded-full', tone)} style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}

function RemoveBudget({ budget, title }: { budget: Budget; title: string }) {
  const failed = (error: unknown) => void toast.error(readProblem(error).message);
  const put = useMutation(trpc.budgets.put.mutationOptions({ onError: failed, onSettled: refresh }));
  const { workflow_id, trigger_kind, period, max_tokens, max_usd } = budget;
  const again = { workflow_id, trigger_kind, period, max_tokens, max_usd };
  const remove = useMutation(
    trpc.budgets.remove.mutationOptions({
      onSuccess: () =>
        toast.success(`The budget “${title}” was removed`, {
          action: { label: 'Undo', onClick: () => put.mutate(again) },
        }),
      onError: failed,
      onSettled: refresh,
    }),
  );
  return (
    <IconButton
      label={`Remove the budget ${title}`}
      icon={<Trash2 />}
      disabled={remove.isPending}
      onClick={() => remove.mutate({ budget_id: budget.id })}
    />
  );
}
