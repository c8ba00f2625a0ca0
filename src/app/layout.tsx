import './globals.css';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { ThemeScript } from '#ui/theme-script.tsx';
import { AppProvider } from './app-provider.tsx';

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
        <AppProvider nonce={nonce}>
          <div className="app-root">{children}</div>
        </AppProvider>
      </body>
    </html>
  );
}
