'use client';

import { Select as BaseSelect } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './class-name.ts';
import { type ControlSize, controlStyle, optionStyle } from './control-style.ts';

export interface SelectItem<V extends string> {
  value: V;
  label: string;
  description?: string | undefined;
  icon?: ReactNode;
  disabled?: boolean | undefined;
}

export interface SelectProps<V extends string> {
  items: readonly SelectItem<V>[];
  value: V | null;
  onValueChange: (value: V) => void;
  placeholder?: string | undefined;
  size?: ControlSize | undefined;
  name?: string | undefined;
  id?: string | undefined;
  required?: boolean | undefined;
  disabled?: boolean | undefined;
  ariaLabel?: string | undefined;
  className?: string | undefined;
}

/** Picks one of a few known values. For long lists use `Combobox`. */
export function Select<V extends string>({
  items,
  value,
  onValueChange,
  placeholder = 'Select…',
  size = 'md',
  ariaLabel,
  className,
  ...rest
}: SelectProps<V>) {
  const current = items.find((item) => item.value === value);
  return (
    <BaseSelect.Root<V>
      value={value}
      onValueChange={(next) => {
        if (next !== null) onValueChange(next);
      }}
      {...rest}
    >
      <BaseSelect.Trigger
        aria-label={ariaLabel}
        className={cn(controlStyle({ size }), 'justify-between gap-2 text-left', className)}
      >
        <BaseSelect.Value className="flex min-w-0 flex-1 items-center gap-2 data-placeholder:text-subtle [&_svg]:size-4 [&_svg]:shrink-0">
          {current === undefined ? (
            <span className="text-subtle">{placeholder}</span>
          ) : (
            <>
              {current.icon}
              <span className="truncate">{current.label}</span>
            </>
          )}
        </BaseSelect.Value>
        <BaseSelect.Icon className="text-subtle">
          <ChevronsUpDown className="size-3.5" />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <BaseSelect.Popup
            data-popup
            className="popup max-h-(--available-height) min-w-(--anchor-width) max-w-(--available-width) overflow-y-auto p-1"
          >
            <BaseSelect.List>
              {items.map((item) => (
                <SelectOption key={item.value} item={item} />
              ))}
            </BaseSelect.List>
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}

function SelectOption<V extends string>({ item }: { item: SelectItem<V> }) {
  return (
    <BaseSelect.Item value={item.value} label={item.label} disabled={item.disabled} className={optionStyle}>
      {item.icon ? <span className="flex text-subtle [&_svg]:size-4">{item.icon}</span> : null}
      <span className="min-w-0 flex-1">
        <BaseSelect.ItemText className="block truncate">{item.label}</BaseSelect.ItemText>
        {item.description ? <span className="block text-xs text-subtle">{item.description}</span> : null}
      </span>
      <span className="flex w-4 shrink-0">
        <BaseSelect.ItemIndicator>
          <Check className="size-4 text-accent-text" />
        </BaseSelect.ItemIndicator>
      </span>
    </BaseSelect.Item>
  );
}
