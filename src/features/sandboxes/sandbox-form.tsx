'use client';

import { type SubmitEvent, useId, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { api, queryClient, trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { Switch } from '#ui/switch.tsx';
import { toast } from '#ui/toast.tsx';
import type { Sandbox } from './sandbox.ts';
import { draftsOf, type Faults, faultsFrom, faultsIn, sentOf, type VariableDraft } from './variable-draft.ts';
import { VariableEditor } from './variable-editor.tsx';

interface SandboxFormProps {
  /** Null: a new one is made. */
  sandbox: Sandbox | null;
  onClose: () => void;
}

/** Makes a workspace, or changes what can be changed of one. */
export function SandboxForm({ sandbox, onClose }: SandboxFormProps) {
  const id = useId();
  const form = useSandboxForm(sandbox, onClose);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      placement="right"
      size="lg"
      title={sandbox ? `Edit “${sandbox.name}”` : 'Create a workspace'}
      description={
        sandbox ? undefined : 'A folder that programs of your workflows work in, with variables of its own.'
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} variant="primary" loading={form.busy}>
            {sandbox ? 'Save' : 'Create workspace'}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={form.submit} className="flex flex-col gap-5" noValidate>
        {form.problem === '' ? null : <ErrorNotice compact title={form.problem} />}
        {sandbox ? (
          <dl className="text-sm">
            <dt className="font-medium">Folder</dt>
            <dd className="mt-0.5 font-mono text-xs break-all text-muted">{sandbox.path}</dd>
          </dl>
        ) : (
          <Field
            label="Name"
            error={form.nameFault}
            description="No other workspace of this installation may have it. It cannot be changed later."
          >
            <Input
              autoFocus
              maxLength={100}
              placeholder="Reports"
              value={form.name}
              onValueChange={form.setName}
            />
          </Field>
        )}
        <Switch
          label="Allow network"
          description="Off: a program that tries to reach another machine fails."
          checked={form.network}
          onCheckedChange={form.setNetwork}
        />
        <VariableEditor drafts={form.drafts} faults={form.faults} onChange={form.setDrafts} />
      </form>
    </Dialog>
  );
}

function useSandboxForm(sandbox: Sandbox | null, onClose: () => void) {
  const [name, setName] = useState('');
  const [network, setNetwork] = useState(sandbox?.allow_network ?? false);
  const [drafts, setDrafts] = useState<VariableDraft[]>(sandbox ? draftsOf(sandbox) : []);
  const [faults, setFaults] = useState<Faults>({});
  const [nameFault, setNameFault] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);

  const refused = (error: unknown) => {
    const { fields, message, status } = readProblem(error);
    const rows = faultsFrom(fields, drafts);
    if (rows) setFaults(rows);
    else if (fields['name'] ?? (status === 409 && !sandbox)) setNameFault(fields['name'] ?? message);
    else setProblem(message);
  };
  const save = async () => {
    const common = { allow_network: network, env_vars: sentOf(drafts) };
    setBusy(true);
    try {
      const saved = sandbox
        ? await api.sandboxes.update.mutate({ sandbox_id: sandbox.id, ...common })
        : await api.sandboxes.create.mutate({ name: name.trim(), ...common });
      await queryClient.invalidateQueries({ queryKey: trpc.sandboxes.pathKey() });
      toast.success(sandbox ? `“${saved.name}” was saved` : `“${saved.name}” was created`);
      onClose();
    } catch (error) {
      refused(error);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found = faultsIn(drafts);
    const unnamed = !sandbox && name.trim() === '';
    setFaults(found);
    setProblem('');
    setNameFault(unnamed ? 'Give the workspace a name.' : '');
    if (!unnamed && Object.keys(found).length === 0) void save();
  };
  return { name, setName, network, setNetwork, drafts, setDrafts, faults, nameFault, problem, busy, submit };
}
