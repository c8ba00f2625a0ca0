'use client';

import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { toast } from '#ui/toast.tsx';
import { refreshUsers, type User } from './user.ts';
import { type Faults, faultsIn, faultsOf, type UserEntry } from './user-entry.ts';
import { UserForm } from './user-form.tsx';

interface EditUserDialogProps {
  user: User;
  /** Whoever edits. */
  self: boolean;
  onClose: () => void;
}

/** Changes somebody's name, role or password. */
export function EditUserDialog({ user, self, onClose }: EditUserDialogProps) {
  const form = useId();
  const [entry, setEntry] = useState<UserEntry>({ ...user, password: '' });
  const [faults, setFaults] = useState<Faults>({});
  const save = useMutation(
    trpc.users.update.mutationOptions({
      onSuccess: async () => {
        await refreshUsers();
        toast.success(`“${user.username}” was changed`);
        onClose();
      },
      onError: (error) => setFaults(faultsIn(readProblem(error))),
    }),
  );
  const submit = () => {
    const found = faultsOf(entry, false);
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    const change = changesOf(user, entry);
    if (Object.keys(change).length === 0) onClose();
    else save.mutate({ user_id: user.id, ...change });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      size="sm"
      title={`Edit “${user.username}”`}
      description={self ? undefined : 'A new role or password signs them out everywhere.'}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" loading={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <UserForm
        id={form}
        existing
        entry={entry}
        faults={faults}
        roleNote={self ? 'Another administrator can change your role.' : undefined}
        onChange={(change) => setEntry({ ...entry, ...change })}
        onSubmit={submit}
      />
    </Dialog>
  );
}

/** Only what differs: somebody else may have changed the rest meanwhile. */
function changesOf(user: User, entry: UserEntry) {
  const first_name = entry.first_name.trim();
  const last_name = entry.last_name.trim();
  return {
    ...(first_name !== user.first_name && { first_name }),
    ...(last_name !== user.last_name && { last_name }),
    ...(entry.role !== user.role && { role: entry.role }),
    ...(entry.password !== '' && { password: entry.password }),
  };
}
