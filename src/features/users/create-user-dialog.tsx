'use client';

import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { toast } from '#ui/toast.tsx';
import { refreshUsers } from './user.ts';
import { type Faults, faultsIn, faultsOf, type UserEntry } from './user-entry.ts';
import { UserForm } from './user-form.tsx';

const BLANK: UserEntry = { username: '', first_name: '', last_name: '', role: 'normal', password: '' };

/** Makes an account with a first password. */
export function CreateUserDialog({ onClose }: { onClose: () => void }) {
  const form = useId();
  const [entry, setEntry] = useState(BLANK);
  const [faults, setFaults] = useState<Faults>({});
  const create = useMutation(
    trpc.users.create.mutationOptions({
      onSuccess: async ({ username }) => {
        await refreshUsers();
        toast.success(`“${username}” was created`, {
          description: 'Hand over the password in a safe way; they change it under Security.',
        });
        onClose();
      },
      onError: (error) => setFaults(faultsIn(readProblem(error))),
    }),
  );
  const submit = () => {
    const found = faultsOf(entry, true);
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    create.mutate({
      username: entry.username.trim(),
      password: entry.password,
      role: entry.role,
      first_name: entry.first_name.trim(),
      last_name: entry.last_name.trim(),
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      size="sm"
      title="Create a user"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" loading={create.isPending}>
            Create user
          </Button>
        </>
      }
    >
      <UserForm
        id={form}
        entry={entry}
        faults={faults}
        onChange={(change) => setEntry({ ...entry, ...change })}
        onSubmit={submit}
      />
    </Dialog>
  );
}
