'use client';

import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { Page, PageHeader } from '#ui/page-header.tsx';
import { TabLinks } from '#ui/tab-links.tsx';

const TABS = [
  { href: '/settings', label: 'Profile' },
  { href: '/settings/appearance', label: 'Appearance' },
  { href: '/settings/api-keys', label: 'API keys' },
];

/** The heading and the tabs above every page of the settings. */
export function SettingsFrame({ children }: { children: ReactNode }) {
  return (
    <Page width="narrow">
      <PageHeader title="Settings">
        <TabLinks ariaLabel="Settings" items={TABS} active={usePathname()} />
      </PageHeader>
      <div className="flex flex-col gap-6">{children}</div>
    </Page>
  );
}
