'use client';

import { useQuery } from '@tanstack/react-query';
import { SearchX } from 'lucide-react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { ButtonLink } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Page } from '#ui/page-header.tsx';
import { Skeleton, SkeletonText } from '#ui/skeleton.tsx';
import { CredentialDetail } from './credential-detail.tsx';

/** /credentials/[id]: what is known of one credential without its secret, who uses it, and its test. */
export function CredentialScreen({ credentialId }: { credentialId: string }) {
  const id = Number(credentialId);
  const isId = /^\d{1,10}$/.test(credentialId) && id <= 2_147_483_647;
  const credential = useQuery({
    ...trpc.credentials.get.queryOptions({ credential_id: isId ? id : 0 }),
    enabled: isId,
  });
  if (credential.data) return <CredentialDetail credential={credential.data} />;
  const problem = credential.error ? readProblem(credential.error) : null;
  if (isId && problem === null) return <Loading />;
  return (
    <Page>
      {problem === null || problem.status === 404 ? (
        <EmptyState
          icon={<SearchX />}
          title="This credential does not exist"
          description="It may have been deleted, or it belongs to someone else."
          actions={<ButtonLink href="/credentials">All credentials</ButtonLink>}
        />
      ) : (
        <ErrorNotice
          title="The credential could not be loaded"
          description={problem.message}
          onRetry={() => void credential.refetch()}
        />
      )}
    </Page>
  );
}

function Loading() {
  return (
    <Page>
      <span role="status" className="sr-only">
        Loading
      </span>
      <Skeleton className="mb-2 h-6 w-64" />
      <Skeleton className="mb-6 w-96" />
      <SkeletonText lines={8} />
    </Page>
  );
}
