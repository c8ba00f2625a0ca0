'use client';

import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { api, queryClient, trpc } from '#client/trpc.ts';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { toast } from '#ui/toast.tsx';
import { KIND_WORDS, type Kind } from './kind.ts';

/** What goes: by id, states of conversations by their own ids, or whole conversations. */
interface Forgotten {
  readonly ids: readonly string[];
  readonly threads?: readonly string[];
}

const REMOVE: Readonly<Record<Kind, (ids: string[]) => Promise<unknown>>> = {
  facts: (ids) => api.memories.deleteFacts.mutate({ ids }),
  episodes: (ids) => api.memories.deleteEpisodes.mutate({ ids }),
  procedures: (ids) => api.memories.deleteProcedures.mutate({ ids }),
  users: (ids) => api.memories.deleteUsers.mutate({ ids }),
  checkpoints: (ids) => api.memories.deleteCheckpoints.mutate({ checkpoint_ids: ids }),
};

/** Deletes memories after asking; the answer is whether they are gone. */
export function useForget(kind: Kind): { ask: (what: Forgotten) => Promise<boolean>; busy: boolean } {
  const confirm = useConfirm();
  const [busy, setBusy] = useState(false);
  const { one, many, forgotten } = KIND_WORDS[kind];
  const ask = async ({ ids, threads = [] }: Forgotten): Promise<boolean> => {
    const whole = threads.length > 0;
    const what = whole
      ? 'the whole conversation'
      : ids.length === 1
        ? `this ${one}`
        : `${ids.length} ${many}`;
    const sure = await confirm({
      title: `Delete ${what}?`,
      description: `${whole ? 'Its messages and every state of it go.' : forgotten} This cannot be undone.`,
      confirmLabel: 'Delete',
      tone: 'danger',
    });
    if (!sure) return false;
    setBusy(true);
    try {
      if (whole) await api.memories.deleteCheckpoints.mutate({ thread_ids: [...threads] });
      else await REMOVE[kind]([...ids]);
    } catch (error) {
      toast.error('Nothing was deleted', { description: readProblem(error).message });
      return false;
    } finally {
      setBusy(false);
    }
    await queryClient.invalidateQueries({ queryKey: trpc.memories.pathKey() });
    toast.success(
      whole ? 'The conversation was deleted' : `Deleted ${ids.length === 1 ? `the ${one}` : what}`,
    );
    return true;
  };
  return { ask, busy };
}
