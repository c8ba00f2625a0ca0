'use client';

// Before anything that might validate.
import '#client/no-eval.ts';
import NextLink from 'next/link';
import { type ComponentType, type ReactNode, useLayoutEffect } from 'react';
import { ClientProvider } from '#client/trpc.ts';
import type { LinkProps } from '#ui/link.tsx';
import { applyTheme } from '#ui/theme.ts';
import { UiProvider } from '#ui/ui-provider.tsx';

const RouterLink = NextLink as ComponentType<LinkProps & { prefetch: boolean }>;

/** Fetches a page when it is asked for: a list of fifty links would otherwise ask for fifty pages at once. */
function AppLink(props: LinkProps) {
  return <RouterLink prefetch={false} {...props} />;
}

/** Client-side context of the whole application. */
export function AppProvider({ nonce, children }: { nonce?: string | undefined; children: ReactNode }) {
  useLayoutEffect(applyTheme, []);
  return (
    <UiProvider link={AppLink} nonce={nonce}>
      <ClientProvider>{children}</ClientProvider>
    </UiProvider>
  );
}
