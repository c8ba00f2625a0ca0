'use client';

import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useId, useRef, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { api } from '#client/trpc.ts';
import type { CredentialUse } from '#domain/credential/kind.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { toast } from '#ui/toast.tsx';
import type { Credential } from './credential.ts';
import { type Draft, draftOf, type Faults, faultsOf, newDraft, usualHostsOf } from './credential-draft.ts';
import { faultsFrom, inputOf } from './credential-input.ts';
import { CREDENTIAL_KINDS, type CredentialKind, kindOf } from './credential-kind.tsx';
import { GatewayFields } from './gateway-fields.tsx';
import { GitFields } from './git-fields.tsx';
import { HostField } from './host-field.tsx';
import { KindChoice } from './kind-choice.tsx';
import { LlmFields } from './llm-fields.tsx';
import { ToolFields } from './tool-fields.tsx';
import { refetchCredentials } from './use-credential-action.ts';

interface CreateCredentialProps {
  /** Only kinds that can be used for this are offered. */
  use?: CredentialUse | undefined;
  onClose: () => void;
  onSaved?: ((credential: Credential) => void) | undefined;
}

/** A sheet that asks what a new credential is for, then for what its kind needs. */
export function CreateCredential({ use, onClose, onSaved }: CreateCredentialProps) {
  const kinds = use ? CREDENTIAL_KINDS.filter((kind) => kind.uses.includes(use)) : CREDENTIAL_KINDS;
  const [kind, setKind] = useState<CredentialKind | null>(kinds.length === 1 ? (kinds[0] ?? null) : null);
  if (kind) {
    return (
      <CredentialSheet
        kind={kind}
        credential={null}
        onClose={onClose}
        onSaved={onSaved}
        onBack={kinds.length === 1 ? undefined : () => setKind(null)}
      />
    );
  }
  return (
    <Dialog
      open
      placement="right"
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="New credential"
      description="What is it for?"
    >
      <KindChoice kinds={kinds} onChoose={setKind} />
    </Dialog>
  );
}

/** A sheet with everything of a stored credential that can be changed. */
export function EditCredential({ credential, onClose }: { credential: Credential; onClose: () => void }) {
  return <CredentialSheet kind={kindOf(credential)} credential={credential} onClose={onClose} />;
}

interface CredentialSheetProps {
  kind: CredentialKind;
  /** Null: a new one. */
  credential: Credential | null;
  onClose: () => void;
  onSaved?: ((credential: Credential) => void) | undefined;
  onBack?: (() => void) | undefined;
}

function CredentialSheet({ kind, credential, onClose, onSaved, onBack }: CredentialSheetProps) {
  const form = useId();
  const element = useRef<HTMLFormElement>(null);
  const [start] = useState(() => (credential ? draftOf(credential) : newDraft(kind.type, kind.toolKind)));
  const [draft, setDraft] = useState(start);
  const [faults, setFaults] = useState<Faults>({});
  const showFaults = (found: Faults): void => {
    setFaults(found);
    // The first faulty field may be out of sight.
    requestAnimationFrame(() => {
      const faulty = element.current?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]');
      faulty?.focus({ preventScroll: true });
      faulty?.scrollIntoView({ block: 'center' });
    });
  };
  const save = useMutation({
    mutationFn: (now: Draft): Promise<Credential> => {
      const input = inputOf(now);
      if (credential) return api.credentials.update.mutate({ credential_id: credential.id, ...input });
      return api.credentials.create.mutate({ ...input, credential_type: now.type });
    },
    onSuccess: (saved) => {
      void refetchCredentials();
      toast.success(credential ? `Saved “${saved.name}”` : `Created “${saved.name}”`);
      onSaved?.(saved);
      onClose();
    },
    onError: (error) => showFaults(faultsFrom(readProblem(error))),
  });
  const change = (part: Partial<Draft>): void => {
    const next = { ...draft, ...part };
    setDraft(next);
    // What the server complained about may be mended now; only it can tell.
    const open = faultsOf(next);
    setFaults((now) => Object.fromEntries(Object.entries(now).filter(([field]) => field in open)));
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    // The editor below has forms of its own.
    event.stopPropagation();
    const found = faultsOf(draft);
    if (Object.keys(found).length > 0) showFaults(found);
    else save.mutate(draft);
  };
  return (
    <Dialog
      open
      placement="right"
      onOpenChange={(open) => (open ? undefined : onClose())}
      dismissible={draft === start}
      title={credential ? `Edit “${credential.name}”` : `New credential: ${kind.label}`}
      description={kind.description}
      footer={
        <>
          {onBack ? (
            <Button variant="ghost" className="sm:mr-auto" onClick={onBack}>
              Back
            </Button>
          ) : null}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" loading={save.isPending}>
            {credential ? 'Save' : 'Create credential'}
          </Button>
        </>
      }
    >
      <form
        ref={element}
        id={form}
        onSubmit={submit}
        className="flex flex-col gap-4"
        noValidate
        autoComplete="off"
      >
        {faults[''] ? <ErrorNotice compact title={faults['']} /> : null}
        <Field label="Name" error={faults['name']}>
          <Input autoFocus maxLength={200} value={draft.name} onValueChange={(name) => change({ name })} />
        </Field>
        <KindFields draft={draft} faults={faults} onChange={change} />
        {draft.type === 'gateway' || (draft.type === 'tool' && kind.uses.length === 0) ? null : (
          <HostField
            hosts={draft.hosts}
            usual={usualHostsOf(draft)}
            error={faults['hosts']}
            onChange={(hosts) => change({ hosts })}
          />
        )}
      </form>
    </Dialog>
  );
}

interface KindFieldsProps {
  draft: Draft;
  faults: Faults;
  onChange: (part: Partial<Draft>) => void;
}

function KindFields({ draft, faults, onChange }: KindFieldsProps) {
  const { llm, gateway, git, tool } = draft;
  switch (draft.type) {
    case 'llm':
      return <LlmFields part={llm} faults={faults} set={(part) => onChange({ llm: { ...llm, ...part } })} />;
    case 'gateway':
      return (
        <GatewayFields
          part={gateway}
          faults={faults}
          set={(part) => onChange({ gateway: { ...gateway, ...part } })}
        />
      );
    case 'git':
      return <GitFields part={git} faults={faults} set={(part) => onChange({ git: { ...git, ...part } })} />;
    case 'tool':
      return (
        <ToolFields part={tool} faults={faults} set={(part) => onChange({ tool: { ...tool, ...part } })} />
      );
  }
}
