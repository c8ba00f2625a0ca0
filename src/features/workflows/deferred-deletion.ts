'use client';

import { createStore } from 'zustand/vanilla';
import { readProblem } from '#client/problem.ts';
import { api, queryClient, trpc } from '#client/trpc.ts';
import { toast } from '#ui/toast.tsx';

const UNDO_MS = 6_000;

interface Pending {
  readonly slugs: readonly string[];
  readonly timer: ReturnType<typeof setTimeout>;
}

/** The slugs that are hidden because their deletion is under way; read it with `useStore`. */
export const deletionStore = createStore<{ readonly hidden: ReadonlySet<string> }>(() => ({
  hidden: new Set(),
}));
const pending = new Map<string | number, Pending>();

/**
 * Hides workflows at once and deletes them when the time to undo is over, or when the page is left. Undo therefore
 * loses nothing: neither their runs nor their history were touched.
 */
export function deleteWithUndo(workflows: readonly { slug: string; name: string }[]): void {
  const slugs = workflows.map((one) => one.slug);
  const what = workflows.length === 1 ? `“${workflows[0]?.name}”` : `${workflows.length} workflows`;
  hide(slugs, true);
  const id = toast(`Deleted ${what}`, {
    description: 'With all runs.',
    duration: UNDO_MS,
    action: { label: 'Undo', onClick: () => undo(id) },
  });
  pending.set(id, { slugs, timer: setTimeout(() => void carryOut(id), UNDO_MS) });
}

function undo(id: string | number): void {
  const entry = pending.get(id);
  if (!entry) return;
  clearTimeout(entry.timer);
  pending.delete(id);
  hide(entry.slugs, false);
}

async function carryOut(id: string | number): Promise<void> {
  const entry = pending.get(id);
  if (!entry) return;
  pending.delete(id);
  toast.dismiss(id);
  try {
    await api.workflows.batchDelete.mutate({ slugs: [...entry.slugs] });
  } catch (error) {
    toast.error('The workflows could not be deleted', { description: readProblem(error).message });
  }
  await queryClient.invalidateQueries({ queryKey: trpc.workflows.list.queryKey() });
  hide(entry.slugs, false);
}

function hide(slugs: readonly string[], hidden: boolean): void {
  const next = new Set(deletionStore.getState().hidden);
  for (const slug of slugs) {
    if (hidden) next.add(slug);
    else next.delete(slug);
  }
  deletionStore.setState({ hidden: next });
}

/** The page goes away: what was deleted must not come back, so it is sent with a request that outlives the page. */
function flush(): void {
  for (const [id, { slugs, timer }] of pending) {
    clearTimeout(timer);
    pending.delete(id);
    void fetch('/api/v1/workflows/batch-delete', {
      method: 'POST',
      keepalive: true,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ slugs }),
    });
  }
}

if (typeof window !== 'undefined') window.addEventListener('pagehide', flush);
