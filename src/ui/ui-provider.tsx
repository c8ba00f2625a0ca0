'use client';

import { CSPProvider } from '@base-ui/react/csp-provider';
import type { ComponentType, ReactNode } from 'react';
import { ConfirmProvider } from './confirm-provider.tsx';
import { type LinkProps, LinkProvider } from './link.tsx';
import { Toaster } from './toast.tsx';
import { TooltipProvider } from './tooltip.tsx';

export interface UiProviderProps {
  /** The router's link. */
  link: ComponentType<LinkProps>;
  /** The nonce of the page's content policy. */
  nonce?: string | undefined;
  children: ReactNode;
}

/** Everything the components need once, around the whole application. */
export function UiProvider({ link, nonce, children }: UiProviderProps) {
  return (
    <CSPProvider nonce={nonce}>
      <LinkProvider component={link}>
        <TooltipProvider>
          <ConfirmProvider>{children}</ConfirmProvider>
        </TooltipProvider>
      </LinkProvider>
      <Toaster />
    </CSPProvider>
  );
}
