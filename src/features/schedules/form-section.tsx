import { type ReactNode, useId } from 'react';
import type { Draft, Faults } from './schedule-draft.ts';

/** What every part of the form is given. */
export interface SectionProps {
  readonly draft: Draft;
  readonly faults: Faults;
  readonly set: (part: Partial<Draft>) => void;
}

/** A named group of fields. */
export function FormSection({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4 border-t pt-5 first:border-t-0 first:pt-0">
      <h3 id={id} className="text-sm font-semibold">
        {title}
      </h3>
      {children}
    </section>
  );
}
