'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useContext, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { missingName } from '#domain/credential/reference.ts';
import { Button } from '#ui/button.tsx';
import { Combobox } from '#ui/combobox.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Link } from '#ui/link.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { StatusBadge } from '#ui/status-badge.tsx';
import { CredentialFormContext } from './credential-form-context.ts';
import type { ConfigFieldProps } from './field-props.ts';

type Credential = OutputOf<'credentials', 'list'>['items'][number];

const LIMIT = 1000;

/** Chooses one of the credentials that can do what the field needs, or makes one; tells of one that is not here. */
export function CredentialField({ field, value, error, onChange }: ConfigFieldProps) {
  const renderForm = useContext(CredentialFormContext);
  const [creating, setCreating] = useState(false);
  const found = useQuery(
    trpc.credentials.list.queryOptions({ limit: LIMIT, sort: 'name', use: field.use ?? '' }),
  );
  const credentials = found.data?.items ?? [];
  const id = typeof value === 'number' ? value : null;
  const chosen = credentials.find((one) => one.id === id);
  const create = () => setCreating(true);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Field
        label={field.title}
        description={field.description}
        error={error}
        action={
          renderForm ? (
            <Button size="sm" variant="ghost" icon={<Plus />} onClick={create}>
              New credential…
            </Button>
          ) : undefined
        }
      >
        <Combobox
          placeholder={missingName(value) ?? 'None'}
          emptyText={credentials.length === 0 ? 'No credential fits here yet' : 'No matches'}
          loading={found.isPending}
          items={credentials.map(itemOf)}
          value={chosen ? String(chosen.id) : null}
          onValueChange={(next) => onChange(next === null ? undefined : Number(next))}
        />
      </Field>
      {found.error ? (
        <ErrorNotice
          compact
          title="The credentials could not be loaded"
          description={readProblem(found.error).message}
          onRetry={() => void found.refetch()}
        />
      ) : null}
      {found.data && !chosen ? <Missing value={value} onClear={() => onChange(undefined)} /> : null}
      {chosen ? <Chosen credential={chosen} /> : null}
      {creating
        ? renderForm?.({
            use: field.use,
            onClose: () => setCreating(false),
            onSaved: (saved) => onChange(saved.id),
          })
        : null}
    </div>
  );
}

const itemOf = ({ id, name, hosts }: Credential) => ({
  value: String(id),
  label: name,
  description: hosts.join(', ') || 'Bound to no host yet',
  icon: <KeyRound />,
});

/** What was chosen is not here: the way out is another one, or none. */
function Missing({ value, onClear }: { value: unknown; onClear: () => void }) {
  const name = missingName(value);
  if (name === null && typeof value !== 'number') return null;
  return (
    <ErrorNotice
      compact
      tone="warning"
      title={
        name === null ? 'The chosen credential is not here any more' : `The credential “${name}” is not here`
      }
      description="It was deleted, cannot do what this node needs, or belongs to another environment. Choose or create another one."
      action={
        <Button size="sm" onClick={onClear}>
          Use none
        </Button>
      }
    />
  );
}

/** Where the chosen one is sent, and whether it works. */
function Chosen({ credential }: { credential: Credential }) {
  const { id, hosts, testable, last_test } = credential;
  const test = useMutation(
    trpc.credentials.test.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.credentials.pathKey() }),
    }),
  );
  const failed = test.error
    ? readProblem(test.error).message
    : last_test?.ok === false
      ? last_test.error
      : '';
  return (
    <div className="flex flex-col gap-1 text-xs text-subtle">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {last_test === null ? null : (
          <span>
            <StatusBadge
              appearance="inline"
              className="text-xs"
              status={last_test.ok ? 'success' : 'failed'}
              label={last_test.ok ? 'Works' : 'Failed its test'}
            />{' '}
            <RelativeTime value={last_test.at} />
          </span>
        )}
        {testable ? (
          <Button
            size="sm"
            variant="ghost"
            className="-ml-2.5"
            loading={test.isPending}
            onClick={() => test.mutate({ credential_id: id })}
          >
            Test
          </Button>
        ) : null}
        <Link href={`/credentials/${id}`} target="_blank" className="rounded-sm hover:underline">
          Open the credential
        </Link>
      </div>
      {failed === '' ? null : <span className="break-words text-danger-text">{failed}</span>}
      {hosts.length === 0 ? (
        <span className="text-warning-text">It is sent nowhere yet: open it and name its hosts.</span>
      ) : (
        <span className="break-words">Sent only to {hosts.join(', ')}.</span>
      )}
    </div>
  );
}
