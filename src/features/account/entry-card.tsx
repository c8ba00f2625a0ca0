import type { ReactNode } from 'react';

interface EntryCardProps {
  title: string;
  description?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
}

/** The card of a page that is shown before anyone is signed in. */
export function EntryCard({ title, description, children, footer }: EntryCardProps) {
  return (
    <>
      <section
        className="rounded-xl border bg-surface p-6 shadow-raised sm:p-8"
        aria-labelledby="entry-title"
      >
        <h1 id="entry-title" className="text-xl font-semibold">
          {title}
        </h1>
        {description ? <p className="mt-1.5 text-sm text-pretty text-muted">{description}</p> : null}
        <div className="mt-6">{children}</div>
      </section>
      {footer ? <p className="mt-5 text-center text-xs text-pretty text-subtle">{footer}</p> : null}
    </>
  );
}
