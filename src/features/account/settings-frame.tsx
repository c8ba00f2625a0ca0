'use client';

import { useQuery } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { Fragment, type ReactNode } from 'react';
import { trpc } from '#client/trpc.ts';
import { cn } from '#ui/class-name.ts';
import { Link } from '#ui/link.tsx';
import { Page, PageHeader } from '#ui/page-header.tsx';
import { TabLinks } from '#ui/tab-links.tsx';

interface Place {
  readonly href: string;
  readonly label: string;
  /** Shown to administrators of the installation only. */
  readonly admin?: true;
}

const GROUPS: readonly { readonly label: string; readonly places: readonly Place[] }[] = [
  {
    label: 'Your account',
    places: [
      { href: '/settings', label: 'Profile' },
      { href: '/settings/security', label: 'Security' },
      { href: '/settings/api-keys', label: 'API keys' },
      { href: '/settings/appearance', label: 'Appearance' },
    ],
  },
  {
    label: 'Installation',
    places: [
      { href: '/settings/users', label: 'Users', admin: true },
      { href: '/settings/agents', label: 'Agents' },
      { href: '/settings/models', label: 'Models & costs' },
      { href: '/settings/audit', label: 'Audit log', admin: true },
      { href: '/settings/system', label: 'System' },
    ],
  },
];

/** The heading of the settings and the way between their pages: beside them, or above them on a small screen. */
export function SettingsFrame({ children }: { children: ReactNode }) {
  const path = usePathname();
  const me = useQuery(trpc.auth.me.queryOptions({}, { staleTime: 60_000 }));
  const admin = me.data?.role === 'admin';
  const groups = GROUPS.map((group) => ({
    ...group,
    places: group.places.filter((place) => admin || !place.admin),
  }));
  return (
    <Page>
      <PageHeader title="Settings" className="mb-5 lg:mb-6">
        <TabLinks
          ariaLabel="Settings"
          items={groups.flatMap((group) => group.places)}
          active={path}
          className="lg:hidden"
        />
      </PageHeader>
      <div className="lg:grid lg:grid-cols-[11rem_minmax(0,1fr)] lg:gap-10">
        <SideLinks groups={groups} active={path} />
        <div className="flex min-w-0 flex-col gap-6">{children}</div>
      </div>
    </Page>
  );
}

function SideLinks({ groups, active }: { groups: typeof GROUPS; active: string }) {
  return (
    <nav aria-label="Settings" className="sticky top-8 hidden self-start lg:block">
      {groups.map((group) => (
        <Fragment key={group.label}>
          <p className="mt-5 mb-1 px-2.5 text-xs font-medium text-subtle first:mt-0">{group.label}</p>
          <ul className="flex flex-col gap-0.5">
            {group.places.map((place) => (
              <li key={place.href}>
                <Link
                  href={place.href}
                  aria-current={place.href === active ? 'page' : undefined}
                  className={cn(
                    'flex h-8 items-center rounded-md px-2.5 text-sm text-muted transition-colors hover:bg-hover hover:text-text',
                    'aria-[current=page]:bg-active aria-[current=page]:font-medium aria-[current=page]:text-text',
                  )}
                >
                  {place.label}
                </Link>
              </li>
            ))}
          </ul>
        </Fragment>
      ))}
    </nav>
  );
}
