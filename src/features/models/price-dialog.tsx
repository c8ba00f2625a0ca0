'use client';

import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useId, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { NumberField } from '#ui/number-field.tsx';
import { toast } from '#ui/toast.tsx';
import type { Price } from './price.ts';

interface Draft {
  readonly prefix: string;
  readonly input: number | null;
  readonly cached: number | null;
  readonly output: number | null;
}

const MONEY = { maximumFractionDigits: 6 } as const;

/** Sets the price of one model, or of all whose names begin alike. */
export function PriceDialog({ price, onClose }: { price: Price | null; onClose: () => void }) {
  const form = useId();
  const [draft, setDraft] = useState<Draft>({
    prefix: price?.prefix ?? '',
    input: price?.input_usd ?? null,
    cached: price?.cached_input_usd ?? null,
    output: price?.output_usd ?? null,
  });
  const [tried, setTried] = useState(false);
  const save = useMutation(
    trpc.models.setPrice.mutationOptions({
      onSuccess: ({ prefix }) => {
        toast.success(`The price of “${prefix}” counts from now on`);
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.models.prices.pathKey() }),
    }),
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    const { prefix, input, cached, output } = draft;
    if (prefix.trim() === '' || input === null || output === null) return;
    save.mutate({ prefix: prefix.trim(), input_usd: input, cached_input_usd: cached, output_usd: output });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      size="sm"
      title={price ? `Price of “${price.prefix}”` : 'Add a price'}
      description="US dollars per million tokens. What was spent so far stays as it is."
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
        <DraftFields
          draft={draft}
          change={(part) => setDraft((now) => ({ ...now, ...part }))}
          isNew={price === null}
          tried={tried}
          error={save.error}
        />
      </form>
    </Dialog>
  );
}

interface DraftFieldsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  isNew: boolean;
  tried: boolean;
  error: unknown;
}

function DraftFields({ draft, change, isNew, tried, error }: DraftFieldsProps) {
  const problem = error ? readProblem(error) : null;
  const wanted = tried && 'Enter a price; 0 if it costs nothing.';
  const money = (name: 'input' | 'cached' | 'output', label: string, needed: boolean) => (
    <Field
      label={label}
      error={needed && draft[name] === null && wanted ? wanted : undefined}
      optional={!needed}
      description={needed ? undefined : 'Empty: as much as other prompt tokens.'}
    >
      <NumberField
        value={draft[name]}
        onValueChange={(value) => change({ [name]: value })}
        min={0}
        max={100_000}
        step={0.1}
        format={MONEY}
        unit="$"
      />
    </Field>
  );
  return (
    <>
      {problem ? <ErrorNotice compact title={problem.message} /> : null}
      {isNew ? (
        <Field
          label="Name begins with"
          description="The longest that fits a model counts, such as gpt-4o before gpt."
          error={tried && draft.prefix.trim() === '' ? 'Enter how the names of the models begin.' : undefined}
        >
          <Input
            autoFocus
            maxLength={200}
            placeholder="llama-3.3-70b"
            value={draft.prefix}
            onValueChange={(prefix) => change({ prefix })}
          />
        </Field>
      ) : null}
      {money('input', 'Prompt tokens', true)}
      {money('cached', 'Prompt tokens from the cache', false)}
      {money('output', 'Answer tokens', true)}
    </>
  );
}
