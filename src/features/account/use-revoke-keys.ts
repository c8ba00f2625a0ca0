'use client';

import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { api, queryClient, trpc } from '#client/trpc.ts';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { toast } from '#ui/toast.tsx';
import type { ApiKey } from './key-list-state.ts';

/** Revokes keys after asking; the answer is whether that was confirmed. Those that could not be are named. */
export function useRevokeKeys(): { ask: (keys: readonly ApiKey[]) => Promise<boolean>; busy: boolean } {
  const confirm = useConfirm();
  const [busy, setBusy] = useState(false);
  const ask = async (keys: readonly ApiKey[]) => {
    const [only] = keys;
    const one = keys.length === 1 && only !== undefined;
    const sure = await confirm({
      title: one ? `Revoke “${only.name}”?` : `Revoke ${keys.length} keys?`,
      description: `Programs that use ${one ? 'this key' : 'these keys'} are refused from then on. This cannot be undone.`,
      confirmLabel: one ? 'Revoke key' : 'Revoke keys',
      tone: 'danger',
    });
    if (!sure) return false;
    setBusy(true);
    const failures = await revokeAll(keys);
    setBusy(false);
    await queryClient.invalidateQueries({ queryKey: trpc.users.keys.queryKey() });
    const done = keys.length - failures.length;
    if (one && done === 1) toast.success(`“${only.name}” was revoked`);
    else if (done > 0) toast.success(`${done} ${done === 1 ? 'key was' : 'keys were'} revoked`);
    for (const { name, reason } of failures) {
      toast.error(`“${name}” could not be revoked`, { description: reason });
    }
    return true;
  };
  return { ask, busy };
}

async function revokeAll(keys: readonly ApiKey[]): Promise<{ name: string; reason: string }[]> {
  const outcomes = await Promise.all(
    keys.map(async ({ id, name }) => {
      try {
        await api.users.revokeKey.mutate({ key_id: id });
        return null;
      } catch (error) {
        return { name, reason: readProblem(error).message };
      }
    }),
  );
  return outcomes.filter((outcome) => outcome !== null);
}
