'use client';

import { useQuery } from '@tanstack/react-query';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Card } from '#ui/card.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Link } from '#ui/link.tsx';
import { SkeletonText } from '#ui/skeleton.tsx';
import type { Credential } from './credential.ts';

const SHOWN = 50;

/** The nodes that refer to a credential, each with the way there. */
export function UseList({ credential }: { credential: Credential }) {
  const uses = useQuery(
    trpc.credentials.uses.queryOptions({ credential_id: credential.id, limit: SHOWN }, { staleTime: 0 }),
  );
  const more = (uses.data?.total ?? 0) - (uses.data?.items.length ?? 0);
  return (
    <Card title="Used by">
      {uses.error ? <ErrorNotice compact title={readProblem(uses.error).message} /> : null}
      {uses.isPending ? <SkeletonText lines={2} /> : null}
      {uses.data?.total === 0 ? (
        <p className="text-sm text-muted">No node yet. Choose it in the settings of a node that takes one.</p>
      ) : null}
      <ul className="flex flex-col text-sm">
        {uses.data?.items.map((one) => (
          <li
            key={`${one.workflow_slug} ${one.node_id}`}
            className="flex items-baseline justify-between gap-3 border-b py-1.5 first:pt-0 last:border-b-0 last:pb-0"
          >
            <Link
              href={`/workflows/${one.workflow_slug}`}
              className="min-w-0 truncate rounded-sm text-accent-text hover:underline"
            >
              {one.workflow_name}
            </Link>
            <span className="min-w-0 truncate text-xs text-subtle">{one.node_label || one.node_id}</span>
          </li>
        ))}
      </ul>
      {more > 0 ? <p className="mt-2 text-xs text-subtle">and {more.toLocaleString('en')} more</p> : null}
    </Card>
  );
}
