'use client';

import { useMutation } from '@tanstack/react-query';
import { Laptop, type LucideIcon, Smartphone, SquareTerminal } from 'lucide-react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { toast } from '#ui/toast.tsx';
import { readUserAgent, type Visitor } from './user-agent.ts';

type Session = OutputOf<'sessions', 'list'>['items'][number];

const ICONS: Readonly<Record<Visitor['device'], LucideIcon>> = {
  computer: Laptop,
  phone: Smartphone,
  program: SquareTerminal,
};

/** One browser or program: what it is, since when, and the way to sign it out. */
export function SessionRow({ session }: { session: Session }) {
  const { name, device } = readUserAgent(session.user_agent);
  const Icon = ICONS[device];
  const end = useMutation(
    trpc.sessions.revoke.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.sessions.list.queryKey() });
        toast.success(`${name} was signed out`);
      },
      onError: (error) => {
        toast.error(`${name} could not be signed out`, { description: readProblem(error).message });
      },
    }),
  );
  return (
    <li className="flex items-center gap-3 border-b px-5 py-3 last:border-b-0">
      <Icon className="size-5 shrink-0 text-subtle" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5 text-sm font-medium">
          <span className="truncate" title={session.user_agent}>
            {name}
          </span>
          {session.current ? <Badge tone="success">This session</Badge> : null}
          {session.kind === 'key' ? <Badge>Login key</Badge> : null}
        </p>
        <p className="text-xs text-pretty text-subtle">
          Signed in <RelativeTime value={session.created_at} />
          {session.last_used_at === null ? null : (
            <>
              {' · '}last used <RelativeTime value={session.last_used_at} />
            </>
          )}
          {session.expires_at === null ? null : (
            <>
              {' · '}ends <RelativeTime value={session.expires_at} />
            </>
          )}
        </p>
      </div>
      {session.current ? null : (
        <Button
          size="sm"
          aria-label={`Sign out ${name}`}
          loading={end.isPending}
          onClick={() => end.mutate({ session_id: session.id })}
        >
          Sign out
        </Button>
      )}
    </li>
  );
}
