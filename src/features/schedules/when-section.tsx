'use client';

import { useMemo } from 'react';
import { cn } from '#ui/class-name.ts';
import { Combobox } from '#ui/combobox.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { NumberField } from '#ui/number-field.tsx';
import { SegmentedControl } from '#ui/segmented-control.tsx';
import { Select } from '#ui/select.tsx';
import { cronWords } from './cron-words.ts';
import { FormSection, type SectionProps } from './form-section.tsx';
import { MomentField } from './moment-field.tsx';
import { NextFires } from './next-fires.tsx';
import { usePreview } from './use-preview.ts';

const MODES = [
  { value: 'interval', label: 'At an interval' },
  { value: 'cron', label: 'At fixed times' },
] as const;
const UNIT_ITEMS = (['second', 'minute', 'hour', 'day'] as const).map((unit) => ({
  value: unit,
  label: `${unit}s`,
}));
const PATTERNS = [
  { label: 'Every 15 minutes', cron: '*/15 * * * *' },
  { label: 'Every day at 9', cron: '0 9 * * *' },
  { label: 'Working days at 9', cron: '0 9 * * 1-5' },
  { label: 'First of the month', cron: '0 9 1 * *' },
] as const;

/** When the schedule runs, with the next five times as they would be. */
export function WhenSection({ draft, faults, set }: SectionProps) {
  const preview = usePreview(draft);
  const shown = { ...preview.faults, ...faults };
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isCron = draft.mode === 'cron';
  return (
    <FormSection title="When">
      <SegmentedControl
        ariaLabel="Kind of times"
        items={MODES}
        value={draft.mode}
        onValueChange={(mode) => set({ mode })}
      />
      {isCron ? (
        <CronFields draft={draft} faults={shown} set={set} />
      ) : (
        <IntervalField draft={draft} faults={shown} set={set} />
      )}
      <div className="rounded-lg border bg-sunken/60 px-3.5 py-3 dark:bg-sunken/40">
        <p className="mb-2 flex items-baseline justify-between gap-3 text-xs font-medium text-subtle">
          Next five runs <span className="font-normal">{isCron ? draft.timezone : own}</span>
        </p>
        <div aria-live="polite" className={cn('min-h-8 transition-opacity', preview.pending && 'opacity-60')}>
          <PreviewBody preview={preview} timezone={isCron ? draft.timezone : own} isCron={isCron} />
        </div>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Start"
          optional
          error={shown.startAt}
          description={`No run before. By your clock (${own}).`}
        >
          <MomentField value={draft.startAt} onValueChange={(startAt) => set({ startAt })} />
        </Field>
        <Field label="End" optional error={shown.endAt} description="No run after.">
          <MomentField value={draft.endAt} onValueChange={(endAt) => set({ endAt })} />
        </Field>
      </div>
    </FormSection>
  );
}

interface PreviewBodyProps {
  preview: ReturnType<typeof usePreview>;
  timezone: string;
  isCron: boolean;
}

function PreviewBody({ preview, timezone, isCron }: PreviewBodyProps) {
  const [fault] = Object.values(preview.faults);
  if (preview.fires.length > 0) return <NextFires fires={preview.fires} timezone={timezone} />;
  const text = preview.blank
    ? `They appear here once there is ${isCron ? 'a pattern' : 'an interval'}.`
    : (fault ?? 'Working them out…');
  return <p className="text-sm text-muted">{text}</p>;
}

function IntervalField({ draft, faults, set }: SectionProps) {
  return (
    <Field
      label="Every"
      error={faults.every}
      description="The first run comes after one interval, or at the start if there is one."
    >
      <div className="flex gap-2">
        <NumberField
          className="w-32"
          ariaLabel="Every"
          min={1}
          step={1}
          value={draft.every}
          onValueChange={(every) => set({ every })}
        />
        <Select
          className="w-36"
          ariaLabel="Unit"
          items={UNIT_ITEMS}
          value={draft.unit}
          onValueChange={(unit) => set({ unit })}
        />
      </div>
    </Field>
  );
}

function CronFields({ draft, faults, set }: SectionProps) {
  const words = cronWords(draft.cron);
  const zones = useMemo(() => zoneItems(), []);
  return (
    <>
      <Field
        label="Pattern"
        error={faults.cron}
        description={
          <>
            {words === null || faults.cron ? null : (
              <span className="mr-1.5 font-medium text-text">{words}.</span>
            )}
            Minute, hour, day of month, month, day of week.
          </>
        }
      >
        <Input
          mono
          maxLength={200}
          placeholder="0 9 * * 1-5"
          value={draft.cron}
          onValueChange={(cron) => set({ cron })}
        />
      </Field>
      <div className="-mt-2 flex flex-wrap gap-1.5">
        {PATTERNS.map(({ label, cron }) => (
          <button
            key={cron}
            type="button"
            onClick={() => set({ cron })}
            className="touch-target rounded-full border border-strong/80 bg-surface px-2.5 py-0.5 text-xs text-muted hover:bg-hover hover:text-text"
          >
            {label}
          </button>
        ))}
      </div>
      <Field
        label="Time zone"
        error={faults.timezone}
        description="Where daylight saving skips a time, the run comes right after; where it repeats one, it comes once."
      >
        <Combobox
          clearable={false}
          placeholder="Europe/Berlin"
          items={zones}
          value={draft.timezone}
          onValueChange={(timezone) => set({ timezone: timezone ?? 'UTC' })}
        />
      </Field>
    </>
  );
}

const zoneItems = () =>
  [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].map((zone) => ({ value: zone, label: zone }));
