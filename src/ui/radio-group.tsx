'use client';

import { Radio } from '@base-ui/react/radio';
import { RadioGroup as BaseRadioGroup } from '@base-ui/react/radio-group';
import { cn } from './class-name.ts';

export interface RadioGroupProps<V extends string> {
  items: readonly {
    value: V;
    label: string;
    description?: string | undefined;
    disabled?: boolean | undefined;
  }[];
  value: V | null;
  onValueChange: (value: V) => void;
  name?: string | undefined;
  disabled?: boolean | undefined;
  ariaLabel?: string | undefined;
  className?: string | undefined;
}

/** Picks one of a few values that need a sentence each. */
export function RadioGroup<V extends string>({
  items,
  value,
  onValueChange,
  ariaLabel,
  className,
  ...rest
}: RadioGroupProps<V>) {
  return (
    <BaseRadioGroup<V | null>
      aria-label={ariaLabel}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onValueChange(next);
      }}
      className={cn('flex flex-col gap-2', className)}
      {...rest}
    >
      {items.map((item) => (
        <label
          key={item.value}
          className="flex items-start gap-2.5 rounded-lg border bg-surface px-3 py-2.5 text-sm transition-colors hover:bg-hover has-data-checked:border-accent has-data-checked:bg-selected has-data-disabled:cursor-not-allowed has-data-disabled:opacity-50"
        >
          <span className="flex h-5 items-center">
            <Radio.Root
              value={item.value}
              disabled={item.disabled}
              className="touch-target flex size-4 shrink-0 items-center justify-center rounded-full border border-subtle/70 bg-surface data-checked:border-accent data-checked:bg-accent"
            >
              <Radio.Indicator className="size-1.5 rounded-full bg-on-accent data-unchecked:hidden" />
            </Radio.Root>
          </span>
          <span className="min-w-0">
            <span className="font-medium">{item.label}</span>
            {item.description ? <span className="block text-xs text-subtle">{item.description}</span> : null}
          </span>
        </label>
      ))}
    </BaseRadioGroup>
  );
}
