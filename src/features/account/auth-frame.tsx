import type { ReactNode } from 'react';
import { Brand } from './brand.tsx';

/** The page around signing in and setting up: one card in the middle of a quiet canvas. */
export function AuthFrame(props: { title: string; description?: ReactNode; children: ReactNode; footer?: ReactNode }) {
  return (
    <main className="relative grid min-h-dvh place-items-center overflow-hidden bg-bg px-4 py-10">
      <div
        aria-hidden
        className="absolute inset-0 bg-[radial-gradient(var(--border)_1px,transparent_1px)] mask-[radial-gradient(closest-side,black,transparent)] bg-size-[24px_24px]"
      />
      <div className="relative w-full max-w-100">
        <div className="mb-6 flex justify-center">
          <Brand />
        </div>
        <section className="rounded-xl border bg-surface p-6 shadow-raised sm:p-8" aria-labelledby="auth-title">
          <h1 id="auth-title" className="text-xl font-semibold">
            {props.title}
          </h1>
          {props.description ? <p className="mt-1.5 text-sm text-muted">{props.description}</p> : null}
          <div className="mt-6">{props.children}</div>
        </section>
        {props.footer ? <p className="mt-5 text-center text-xs text-subtle">{props.footer}</p> : null}
      </div>
    </main>
  );
}
