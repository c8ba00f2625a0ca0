import type { ReactNode } from 'react';
import { Brand } from './brand.tsx';

/** The page around signing in and setting up: the mark above one card, on a quiet canvas. */
export function EntryFrame({ children }: { children: ReactNode }) {
  return (
    <main className="relative grid min-h-dvh place-items-center overflow-hidden bg-bg px-4 py-10">
      <div
        aria-hidden
        className="absolute inset-0 bg-[radial-gradient(var(--border-strong)_1px,transparent_1px)] mask-[radial-gradient(closest-side,black,transparent)] bg-size-[24px_24px] opacity-60"
      />
      <div className="relative w-full max-w-100">
        <div className="mb-6 flex justify-center">
          <Brand />
        </div>
        {children}
      </div>
    </main>
  );
}
