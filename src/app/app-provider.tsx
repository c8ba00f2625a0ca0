'use client';

import NextLink from 'next/link';
import type { ReactNode } from 'react';
import { ClientProvider } from '#client/trpc.ts';
import type { LinkProps } from '#ui/link.tsx';
import { UiProvider } from '#ui/ui-provider.tsx';

/** Fetches a page when it is asked for: a list of fifty links would otherwise ask for fifty pages at once. */
function RouterLink(props: LinkProps) {
  return <NextLink prefetch={false} {...props} />;
}

/** Client-side context of the whole application. */
export function AppProvider({ nonce, children }: { nonce?: string | undefined; children: ReactNode }) {
  return (
    <UiProvider link={RouterLink} nonce={nonce}>
      <ClientProvider>{children}</ClientProvider>
    </UiProvider>
  );
}
