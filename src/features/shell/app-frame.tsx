'use client';

import { useQuery } from '@tanstack/react-query';
import {
  BookOpen,
  Brain,
  CalendarClock,
  FolderCog,
  KanbanSquare,
  KeyRound,
  ListTree,
  Settings,
  Workflow,
} from 'lucide-react';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { trpc } from '#client/trpc.ts';
import { AppRail, AppShell } from '#ui/app-rail.tsx';
import { Link } from '#ui/link.tsx';
import { ThemeToggle } from '#ui/theme-toggle.tsx';
import { BrandMark } from './brand.tsx';
import { ConnectionBanner } from './connection-banner.tsx';

interface Place {
  readonly href: string;
  readonly label: string;
  readonly icon: ReactNode;
  /** Nobody but administrators may look there. */
  readonly admin?: boolean;
}

const PLACES: readonly Place[] = [
  { href: '/workflows', label: 'Workflows', icon: <Workflow /> },
  { href: '/executions', label: 'Executions', icon: <ListTree /> },
  { href: '/schedules', label: 'Schedules', icon: <CalendarClock /> },
  { href: '/credentials', label: 'Credentials', icon: <KeyRound /> },
  { href: '/epics', label: 'Epics', icon: <KanbanSquare /> },
  { href: '/memories', label: 'Memories', icon: <Brain />, admin: true },
  { href: '/workspaces', label: 'Workspaces', icon: <FolderCog /> },
];
const FOOT: readonly Place[] = [
  { href: '/docs', label: 'API docs', icon: <BookOpen /> },
  { href: '/settings', label: 'Settings', icon: <Settings /> },
];

/** Navigation around every page of a signed-in person. `userMenu` ends the rail. */
export function AppFrame({ userMenu, children }: { userMenu: ReactNode; children: ReactNode }) {
  const path = usePathname();
  const me = useQuery(trpc.auth.me.queryOptions({}, { staleTime: 60_000 }));
  const isAdmin = me.data?.role === 'admin';
  const mark = ({ href, label, icon }: Place) => ({
    href,
    label,
    icon,
    active: path === href || path.startsWith(`${href}/`),
  });
  return (
    <AppShell
      rail={
        <AppRail
          brand={
            <Link href="/workflows" aria-label="Pipewright" className="rounded-lg">
              <BrandMark className="size-8" />
            </Link>
          }
          items={PLACES.filter((place) => isAdmin || !place.admin).map(mark)}
          footerItems={FOOT.map(mark)}
          footer={
            <>
              <ThemeToggle compact />
              {userMenu}
            </>
          }
        />
      }
    >
      <ConnectionBanner />
      {children}
    </AppShell>
  );
}
