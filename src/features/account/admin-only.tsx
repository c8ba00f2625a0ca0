'use client';

import { useQuery } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { trpc } from '#client/trpc.ts';
import { ButtonLink } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Skeleton } from '#ui/skeleton.tsx';

/** Shows its children to administrators of the installation; the server refuses everybody else all the same. */
export function AdminOnly({ children }: { children: ReactNode }) {
  const me = useQuery(trpc.auth.me.queryOptions({}, { staleTime: 60_000 }));
  if (!me.data) return <Skeleton className="h-60 w-full rounded-lg" />;
  if (me.data.role === 'admin') return children;
  return (
    <EmptyState
      icon={<Lock />}
      title="For administrators only"
      description="Ask whoever runs this installation when you need something from here."
      actions={<ButtonLink href="/settings">Back to your profile</ButtonLink>}
    />
  );
}
