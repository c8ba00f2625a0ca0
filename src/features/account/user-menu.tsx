'use client';

import { useQuery } from '@tanstack/react-query';
import { LogOut, UserRound } from 'lucide-react';
import { trpc } from '#client/trpc.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Menu } from '#ui/menu.tsx';
import { useSignOut } from './use-sign-out.ts';

/** Who is signed in, the way to the settings and the way out. */
export function UserMenu() {
  const me = useQuery(trpc.auth.me.queryOptions({}, { staleTime: 60_000 }));
  const signOut = useSignOut();
  const name = me.data?.username ?? '';
  return (
    <Menu
      side="right"
      align="end"
      trigger={
        <button
          type="button"
          aria-label={`Account: ${name}`}
          className="flex size-10 items-center justify-center rounded-md hover:bg-hover data-popup-open:bg-hover pointer-coarse:size-11"
        >
          <Avatar name={name} size="md" />
        </button>
      }
      items={[
        { type: 'label', label: `Signed in as ${name}` },
        { label: 'Settings', icon: <UserRound />, href: '/settings' },
        { type: 'separator' },
        { label: 'Sign out', icon: <LogOut />, onSelect: () => void signOut() },
      ]}
    />
  );
}
