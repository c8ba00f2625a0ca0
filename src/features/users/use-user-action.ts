'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { api, trpc } from '#client/trpc.ts';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { toast } from '#ui/toast.tsx';
import { refreshUsers, type User } from './user.ts';

/** Disables accounts after asking; the answer is whether that was confirmed. Those that refuse are named. */
export function useDisable(): { ask: (users: readonly User[]) => Promise<boolean>; busy: boolean } {
  const confirm = useConfirm();
  const [busy, setBusy] = useState(false);
  const ask = async (users: readonly User[]) => {
    const [only] = users;
    const who = users.length === 1 && only ? `“${only.username}”` : `${users.length} users`;
    const sure = await confirm({
      title: `Disable ${who}?`,
      description:
        'They are signed out everywhere at once and can no longer sign in; their API keys stop working. Workflows and schedules stay. You can enable them again later.',
      confirmLabel: 'Disable',
      tone: 'danger',
    });
    if (!sure) return false;
    setBusy(true);
    const failures = await disableAll(users);
    setBusy(false);
    await refreshUsers();
    const done = users.length - failures.length;
    if (done > 0)
      toast.success(done === 1 && users.length === 1 ? `${who} was disabled` : `${done} users were disabled`);
    for (const failure of failures) toast.error(failure.title, { description: failure.reason });
    return true;
  };
  return { ask, busy };
}

async function disableAll(users: readonly User[]): Promise<{ title: string; reason: string }[]> {
  const outcomes = await Promise.all(
    users.map(async (user) => {
      try {
        await api.users.disable.mutate({ user_id: user.id });
        return null;
      } catch (error) {
        return { title: `“${user.username}” could not be disabled`, reason: readProblem(error).message };
      }
    }),
  );
  return outcomes.filter((outcome) => outcome !== null);
}

/** Lets a disabled user sign in again. */
export function useEnable(user: User) {
  return useMutation(
    trpc.users.update.mutationOptions({
      onSuccess: async () => {
        await refreshUsers();
        toast.success(`“${user.username}” can sign in again`, {
          description: 'Revoked keys stay revoked.',
        });
      },
      onError: (error) => {
        toast.error(`“${user.username}” could not be enabled`, { description: readProblem(error).message });
      },
    }),
  );
}

/** Turns two-step sign-in off for somebody who lost the device, after asking. */
export function useResetMfa(user: User): { ask: () => Promise<void>; busy: boolean } {
  const confirm = useConfirm();
  const reset = useMutation(
    trpc.users.resetMfa.mutationOptions({
      onSuccess: async () => {
        await refreshUsers();
        toast.success(`Two-step sign-in is off for “${user.username}”`);
      },
      onError: (error) => {
        toast.error('Two-step sign-in could not be turned off', { description: readProblem(error).message });
      },
    }),
  );
  const ask = async () => {
    const sure = await confirm({
      title: `Turn off two-step sign-in for “${user.username}”?`,
      description:
        'Do this for somebody who lost the phone and the recovery codes, and only when you are sure who asks. The password alone signs them in afterwards; they are signed out everywhere now.',
      confirmLabel: 'Turn off',
      tone: 'danger',
    });
    if (sure) reset.mutate({ user_id: user.id });
  };
  return { ask, busy: reset.isPending };
}
