'use client';

import type { ReactNode } from 'react';
import { cn } from './class-name.ts';

export interface CardProps {
  title?: ReactNode;
  description?: ReactNode;
  icon?: ReactNode;
  /** Small buttons at the end of the title line. */
  actions?: ReactNode;
  footer?: ReactNode;
  children?: ReactNode;
  /** False when the content brings its own edges, such as a list or table. */
  padded?: boolean | undefined;
  tone?: 'default' | 'danger' | undefined;
  className?: string | undefined;
}

/** A bordered group with an optional title and footer. */
export function Card({ children, footer, padded = true, tone = 'default', className, ...header }: CardProps) {
  const titled = header.title !== undefined;
  return (
    <section
      className={cn(
        'flex min-w-0 flex-col rounded-lg border bg-surface',
        tone === 'danger' && 'border-danger/35',
        className,
      )}
    >
      {titled ? <CardHeader {...header} divided={!padded} /> : null}
      {children === undefined ? null : (
        <div className={cn('min-w-0 flex-1', padded && 'px-5 pb-5', padded && !titled && 'pt-5')}>
          {children}
        </div>
      )}
      {footer ? (
        <footer className="flex flex-wrap items-center justify-end gap-2 rounded-b-lg border-t bg-sunken/60 px-5 py-3 text-sm text-subtle">
          {footer}
        </footer>
      ) : null}
    </section>
  );
}

function CardHeader({ title, description, icon, actions, divided }: CardProps & { divided: boolean }) {
  return (
    <header className={cn('flex items-start gap-3 px-5 py-4', divided && 'border-b')}>
      {icon ? <span className="flex h-5 items-center text-subtle [&_svg]:size-4">{icon}</span> : null}
      <div className="min-w-0 flex-1">
        <h2 className="text-base font-semibold leading-5">{title}</h2>
        {description ? <p className="mt-0.5 text-sm text-muted">{description}</p> : null}
      </div>
      {actions ? <div className="-my-1.5 flex items-center gap-1">{actions}</div> : null}
    </header>
  );
}
