'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useId, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Combobox } from '#ui/combobox.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { NumberField } from '#ui/number-field.tsx';
import { SegmentedControl } from '#ui/segmented-control.tsx';
import { toast } from '#ui/toast.tsx';
import type { Budget } from './budget.ts';

type Period = Budget['period'];

interface Draft {
  readonly workflow: number | null;
  readonly period: Period;
  readonly tokens: number | null;
  readonly usd: number | null;
}

/** Sets a budget: of the whole environment or of one workflow, for every run, day or month. */
export function BudgetDialog({ budget, onClose }: { budget: Budget | null; onClose: () => void }) {
  const form = useId();
  const [draft, setDraft] = useState<Draft>({
    workflow: budget?.workflow_id ?? null,
    period: budget?.period ?? 'day',
    tokens: budget?.max_tokens ?? null,
    usd: budget?.max_usd ?? null,
  });
  const [tried, setTried] = useState(false);
  const save = useMutation(
    trpc.budgets.put.mutationOptions({
      onSuccess: () => {
        toast.success('The budget counts from the next call on');
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.budgets.pathKey() }),
    }),
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (draft.tokens === null && draft.usd === null) return;
    save.mutate({
      workflow_id: draft.workflow,
      trigger_kind: budget?.trigger_kind ?? null,
      period: draft.period,
      max_tokens: draft.tokens,
      max_usd: draft.usd,
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      size="sm"
      title={budget ? 'Change the budget' : 'Set a budget'}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" loading={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        {save.error ? <ErrorNotice compact title={readProblem(save.error).message} /> : null}
        <DraftFields
          draft={draft}
          change={(part) => setDraft((now) => ({ ...now, ...part }))}
          fixed={budget !== null}
          missing={tried && draft.tokens === null && draft.usd === null}
        />
      </form>
    </Dialog>
  );
}

interface DraftFieldsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  /** What it is for stays; only the limits change. */
  fixed: boolean;
  missing: boolean;
}

function DraftFields({ draft, change, fixed, missing }: DraftFieldsProps) {
  const workflows = useQuery(trpc.workflows.list.queryOptions({ limit: 1000, sort: 'name' }));
  return (
    <>
      <Field
        label="Workflow"
        description="Empty: all workflows of the environment together."
        disabled={fixed}
      >
        <Combobox
          placeholder="Whole environment"
          loading={workflows.isPending}
          disabled={fixed}
          clearable={!fixed}
          items={(workflows.data?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
          value={draft.workflow === null ? null : String(draft.workflow)}
          onValueChange={(next) => change({ workflow: next === null ? null : Number(next) })}
        />
      </Field>
      <Field label="Counts" description="Runs started by a run count with it.">
        <SegmentedControl
          ariaLabel="Counts"
          value={draft.period}
          onValueChange={(period) => change({ period })}
          items={(['run', 'day', 'month'] as const).map((value) => ({
            value,
            label: { run: 'Each run', day: 'Each day', month: 'Each month' }[value],
            disabled: fixed,
          }))}
        />
      </Field>
      <Field
        label="Dollars"
        optional
        error={missing ? 'Enter dollars, tokens or both.' : undefined}
        description="Models without a price do not count here."
      >
        <NumberField
          value={draft.usd}
          onValueChange={(usd) => change({ usd })}
          min={0}
          step={1}
          format={{ maximumFractionDigits: 6 }}
          unit="$"
        />
      </Field>
      <Field label="Tokens" optional description="Of prompts and answers together.">
        <NumberField
          value={draft.tokens}
          onValueChange={(tokens) => change({ tokens: tokens === null ? null : Math.round(tokens) })}
          min={0}
          step={1000}
        />
      </Field>
    </>
  );
}
