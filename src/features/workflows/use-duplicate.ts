'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { toast } from '#ui/toast.tsx';

/** Copies a workflow and offers to open the copy. */
export function useDuplicate() {
  const queries = useQueryClient();
  const router = useRouter();
  return useMutation(
    trpc.workflows.duplicate.mutationOptions({
      onSuccess: async (copy) => {
        await queries.invalidateQueries({ queryKey: trpc.workflows.list.queryKey() });
        toast.success(`“${copy.name}” was made`, {
          action: { label: 'Open', onClick: () => router.push(`/workflows/${copy.slug}`) },
        });
      },
      onError: (error) => {
        toast.error('The workflow could not be duplicated', { description: readProblem(error).message });
      },
    }),
  );
}
