'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { trpc } from '#client/trpc.ts';
import { Combobox } from '#ui/combobox.tsx';
import { Field } from '#ui/field.tsx';
import { Link } from '#ui/link.tsx';
import { ModelNameInput } from './model-name-input.tsx';

/** Which model of which account is asked. */
export interface ChosenModel {
  readonly credential: number;
  readonly name: string;
}

const KEY = 'pipewright:proposal-model';

/** What was chosen last in this browser. */
function remembered(): Partial<ChosenModel> {
  try {
    const value: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Partial<ChosenModel>) : {};
  } catch {
    return {};
  }
}

export function rememberModel(model: ChosenModel): void {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(model));
  } catch {
    // Without storage it is chosen again next time.
  }
}

/** The model that is asked for a change: the last choice, else the only account there is. */
export function useChosenModel() {
  const [chosen, setChosen] = useState<Partial<ChosenModel>>(remembered);
  const accounts = useQuery(trpc.credentials.list.queryOptions({ limit: 1000, sort: 'name', use: 'llm' }));
  const items = accounts.data?.items;
  useEffect(() => {
    const [only, ...more] = items ?? [];
    if (!items) return;
    const isThere = items.some(({ id }) => id === chosen.credential);
    if (!isThere && only && more.length === 0)
      setChosen(({ name }) => ({ credential: only.id, ...(name && { name }) }));
  }, [items, chosen.credential]);
  const known = items?.some(({ id }) => id === chosen.credential) ?? false;
  const model: ChosenModel | null =
    known && chosen.credential !== undefined && chosen.name
      ? { credential: chosen.credential, name: chosen.name }
      : null;
  return { model, chosen, setChosen, accounts: items ?? [], loading: accounts.isPending };
}

type Choosing = ReturnType<typeof useChosenModel>;

/** The account and the name of the model, side by side. */
export function ModelChoice({ chosen, setChosen, accounts, loading }: Choosing) {
  if (!loading && accounts.length === 0) {
    return (
      <p className="rounded-md bg-warning-soft p-2.5 text-xs text-warning-text">
        There is no account of models yet.{' '}
        <Link href="/credentials" className="font-medium underline">
          Add one
        </Link>
        .
      </p>
    );
  }
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Account">
        <Combobox
          placeholder="Choose…"
          clearable={false}
          loading={loading}
          items={accounts.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={chosen.credential === undefined ? null : String(chosen.credential)}
          onValueChange={(id) => setChosen(id === null ? {} : { credential: Number(id) })}
        />
      </Field>
      <Field label="Model">
        <ModelNameInput
          credential={chosen.credential ?? null}
          value={chosen.name ?? ''}
          onChange={(name) => setChosen((before) => ({ ...before, name }))}
        />
      </Field>
    </div>
  );
}
