'use client';

import NextLink from 'next/link';
import type { ComponentType, ReactNode } from 'react';
import { ClientProvider } from '#client/trpc.ts';
import type { LinkProps } from '#ui/link.tsx';
import { UiProvider } from '#ui/ui-provider.tsx';

/** Client-side context of the whole application. */
export function AppProvider({ nonce, children }: { nonce?: string | undefined; children: ReactNode }) {
  return (
    <UiProvider link={NextLink as ComponentType<LinkProps>} nonce={nonce}>
      <ClientProvider>{children}</ClientProvider>
    </UiProvider>
  );
}
