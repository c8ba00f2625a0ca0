import './globals.css';
import { ThemeScript } from '#ui/theme-script.tsx';
import type { LinkProps } from '#ui/link.tsx';
import { UiProvider } from '#ui/ui-provider.tsx';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import Link from 'next/link';
import type { ComponentType, ReactNode } from 'react';

/** The nonce of the content policy is new for every response, so no page can be rendered ahead. */
export const dynamic = 'force-dynamic';

export const metadata: Metadata = {
  title: { default: 'Pipewright', template: '%s · Pipewright' },
  description: 'Build, run and watch workflows on your own server.',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#171b22' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    <html lang="en" data-theme="light" suppressHydrationWarning>
      <head>
        <ThemeScript nonce={nonce} />
      </head>
      <body>
        <UiProvider link={Link as ComponentType<LinkProps>} nonce={nonce}>
          <div className="app-root">{children}</div>
        </UiProvider>
      </body>
    </html>
  );
}
