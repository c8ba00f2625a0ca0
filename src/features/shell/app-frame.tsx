'use client';

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
import { AppRail, AppShell } from '#ui/app-rail.tsx';
import { Link } from '#ui/link.tsx';
import { ThemeToggle } from '#ui/theme-toggle.tsx';
import { BrandMark } from './brand.tsx';
import { ConnectionBanner } from './connection-banner.tsx';

const PLACES = [
  { href: '/workflows', label: 'Workflows', icon: <Workflow /> },
  { href: '/executions', label: 'Executions', icon: <ListTree /> },
  { href: '/schedules', label: 'Schedules', icon: <CalendarClock /> },
  { href: '/credentials', label: 'Credentials', icon: <KeyRound /> },
  { href: '/epics', label: 'Epics', icon: <KanbanSquare /> },
  { href: '/memories', label: 'Memories', icon: <Brain /> },
  { href: '/workspaces', label: 'Workspaces', icon: <FolderCog /> },
];
const FOOT = [
  { href: '/docs', label: 'API docs', icon: <BookOpen /> },
  { href: '/settings', label: 'Settings', icon: <Settings /> },
];

/** Navigation around every page of a signed-in person. `userMenu` ends the rail. */
export function AppFrame({ userMenu, children }: { userMenu: ReactNode; children: ReactNode }) {
  const path = usePathname();
  const mark = (place: (typeof PLACES)[number]) => ({
    ...place,
    active: path === place.href || path.startsWith(`${place.href}/`),
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
          items={PLACES.map(mark)}
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
