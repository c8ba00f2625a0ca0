'use client';

import type { MisfirePolicy, OverlapPolicy } from '#domain/schedule/timing.ts';
import { Field } from '#ui/field.tsx';
import { NumberField } from '#ui/number-field.tsx';
import { Select } from '#ui/select.tsx';
import { FormSection, type SectionProps } from './form-section.tsx';

export const MISFIRE_ITEMS: { value: MisfirePolicy; label: string; description: string }[] = [
  {
    value: 'once',
    label: 'Make up for the newest',
    description: 'One run as soon as the server is up again.',
  },
  { value: 'all', label: 'Make up for all', description: 'Every run missed in the last hour, at most 100.' },
  { value: 'skip', label: 'Leave them out', description: 'Go on with the next regular time.' },
];
export const OVERLAP_ITEMS: { value: OverlapPolicy; label: string; description: string }[] = [
  {
    value: 'skip',
    label: 'Leave the new one out',
    description: 'Never two at once; the next one may run again.',
  },
  { value: 'queue', label: 'Let the new one wait', description: 'It starts when the run before has ended.' },
  { value: 'allow', label: 'Run both', description: 'Good where runs do not get in each other’s way.' },
];
const wordsOf = (items: readonly { value: string; description: string }[], value: string) =>
  items.find((item) => item.value === value)?.description;
const MILLION = 1_000_000;

/** What happens when something does not go as planned, and how long the schedule goes on. */
export function PolicySection({ draft, faults, set }: SectionProps) {
  return (
    <FormSection title="Rules">
      <Field label="While the run before is still going" description={wordsOf(OVERLAP_ITEMS, draft.overlap)}>
        <Select items={OVERLAP_ITEMS} value={draft.overlap} onValueChange={(overlap) => set({ overlap })} />
      </Field>
      <Field
        label="Runs missed while the server was down"
        description={wordsOf(MISFIRE_ITEMS, draft.misfire)}
      >
        <Select items={MISFIRE_ITEMS} value={draft.misfire} onValueChange={(misfire) => set({ misfire })} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Gives up after"
          error={faults.retries}
          description="Failed runs in a row. The pause doubles with each."
        >
          <NumberField
            min={0}
            max={MILLION}
            unit="retries"
            value={draft.retries}
            onValueChange={(retries) => set({ retries })}
          />
        </Field>
        <Field label="Ends after" error={faults.repeats} description="0: it never ends by itself.">
          <NumberField
            min={0}
            max={MILLION}
            unit="runs"
            value={draft.repeats}
            onValueChange={(repeats) => set({ repeats })}
          />
        </Field>
        <Field label="Longest run" error={faults.timeout} description="A run that takes longer is stopped.">
          <NumberField
            min={1}
            max={31_536_000}
            unit="seconds"
            value={draft.timeout}
            onValueChange={(timeout) => set({ timeout })}
          />
        </Field>
        <Field
          label="Spread"
          error={faults.jitter}
          description="Puts each run off by up to this, so that many do not start at once."
        >
          <NumberField
            min={0}
            max={86_400}
            unit="seconds"
            value={draft.jitter}
            onValueChange={(jitter) => set({ jitter })}
          />
        </Field>
      </div>
    </FormSection>
  );
}
