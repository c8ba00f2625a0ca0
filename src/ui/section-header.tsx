import type { ReactNode } from 'react';

interface SectionHeaderProps {
  title: ReactNode;
  description?: ReactNode;
  /** Buttons; the last is the main one. */
  actions?: ReactNode;
}

/** The title of a part of a page that is too wide for a card, such as a list under the tabs of the settings. */
export function SectionHeader({ title, description, actions }: SectionHeaderProps) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-64">
        <h2 className="flex min-h-8 items-center text-lg font-semibold">{title}</h2>
        {description ? <p className="max-w-160 text-sm text-pretty text-muted">{description}</p> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}
