'use client';

import { useQuery } from '@tanstack/react-query';
import { UserCheck } from 'lucide-react';
import { trpc } from '#client/trpc.ts';
import { Badge } from '#ui/badge.tsx';
import { Card } from '#ui/card.tsx';
import { Link } from '#ui/link.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';

const SHOWN = 5;
/** No event tells of a question that somebody else’s run asks. */
const REFRESH_MS = 10_000;

/** The questions of runs that wait for this person, oldest first. Nothing when there are none. */
export function WaitingList() {
  const { data } = useQuery(
    trpc.approvals.list.queryOptions({ limit: SHOWN }, { refetchInterval: REFRESH_MS }),
  );
  if (!data || data.total === 0) return null;
  const more = data.total - data.items.length;
  return (
    <Card
      className="mb-6"
      icon={<UserCheck />}
      title={
        <span className="flex items-center gap-2">
          Waiting for you <Badge tone="warning">{data.total.toLocaleString('en')}</Badge>
        </span>
      }
    >
      <ul aria-label="Waiting for you" className="flex flex-col text-sm">
        {data.items.map((one) => (
          <li key={one.id} className="border-b py-2 first:pt-0 last:border-b-0 last:pb-0">
            <Link
              href={`/executions/${one.execution_id}?node=${encodeURIComponent(one.node_id)}`}
              className="block truncate rounded-sm font-medium hover:underline"
            >
              {one.prompt || 'Approve or reject?'}
            </Link>
            <span className="block truncate text-xs text-subtle">
              {one.workflow_name} · asked <RelativeTime value={one.created_at} />
              {one.expires_at === null ? null : (
                <>
                  {' '}
                  · ends <RelativeTime value={one.expires_at} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 ? <p className="mt-2 text-xs text-subtle">and {more.toLocaleString('en')} more</p> : null}
    </Card>
  );
}
