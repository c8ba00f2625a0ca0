'use client';

import { Combobox as BaseCombobox } from '@base-ui/react/combobox';
import { Check, ChevronsUpDown, Plus, X } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { cn } from './class-name.ts';
import { controlStyle, focusWithinRing, optionStyle } from './control-style.ts';
import { Spinner } from './spinner.tsx';

export interface ComboboxItem {
  value: string;
  label: string;
  description?: string | undefined;
  icon?: ReactNode;
}

export interface ComboboxProps {
  items: readonly ComboboxItem[];
  /** The chosen item's `value`; a value that is not in `items` is shown as it is. */
  value: string | null;
  onValueChange: (value: string | null) => void;
  placeholder?: string | undefined;
  emptyText?: string | undefined;
  clearable?: boolean | undefined;
  loading?: boolean | undefined;
  /** Called on typing; together with new `items` this is how results come from a server. */
  onInputValueChange?: ((text: string) => void) | undefined;
  /** Offers "Create …" for text that no item matches exactly. */
  onCreate?: ((text: string) => void) | undefined;
  /** What that offer begins with; “Create” if absent. */
  createWord?: string | undefined;
  name?: string | undefined;
  id?: string | undefined;
  required?: boolean | undefined;
  disabled?: boolean | undefined;
  ariaLabel?: string | undefined;
  className?: string | undefined;
}

const createValue = '\u0000create';

/** Picks one value of a long list by typing part of its name. */
export function Combobox(props: ComboboxProps) {
  const { items, value, onValueChange, onInputValueChange, onCreate, clearable = true } = props;
  const [text, setText] = useState('');
  // One object for as long as the choice stays: another one would overwrite what is being typed.
  const selected = useMemo(() => findItem(items, value), [items, value]);
  const typed = text.trim();
  const isNew = onCreate !== undefined && typed !== '' && !items.some((item) => item.label === typed);
  const options = isNew
    ? [...items, { value: createValue, label: typed, description: props.createWord ?? 'Create' }]
    : items;

  const choose = (item: ComboboxItem | null) => {
    if (item?.value === createValue) onCreate?.(item.label);
    else onValueChange(item?.value ?? null);
  };

  return (
    <BaseCombobox.Root<ComboboxItem>
      items={options}
      value={selected}
      onValueChange={choose}
      onInputValueChange={(next) => {
        setText(next);
        onInputValueChange?.(next);
      }}
      isItemEqualToValue={(a, b) => a.value === b.value}
      name={props.name}
      id={props.id}
      required={props.required}
      disabled={props.disabled}
      autoHighlight
    >
      <BaseCombobox.InputGroup className={cn(controlStyle(), focusWithinRing, 'pr-1', props.className)}>
        <BaseCombobox.Input
          aria-label={props.ariaLabel}
          placeholder={props.placeholder ?? 'Search…'}
          // Typing replaces the chosen value instead of adding to it.
          onClick={(event) => event.currentTarget.select()}
          onFocus={(event) => event.currentTarget.select()}
          className="h-full min-w-0 flex-1 truncate bg-transparent"
        />
        {props.loading ? <Spinner size="sm" label="Loading options" className="mx-1 text-subtle" /> : null}
        {clearable ? (
          <BaseCombobox.Clear aria-label="Clear" className={affordance}>
            <X className="size-3.5" />
          </BaseCombobox.Clear>
        ) : null}
        <BaseCombobox.Trigger aria-label="Show options" aria-labelledby={undefined} className={affordance}>
          <ChevronsUpDown className="size-3.5" />
        </BaseCombobox.Trigger>
      </BaseCombobox.InputGroup>
      <ComboboxPopup emptyText={props.emptyText ?? 'No matches'} />
    </BaseCombobox.Root>
  );
}

const affordance =
  'touch-target flex size-6 items-center justify-center rounded-sm text-subtle hover:bg-hover hover:text-text';

function findItem(items: readonly ComboboxItem[], value: string | null): ComboboxItem | null {
  if (value === null) return null;
  return items.find((item) => item.value === value) ?? { value, label: value };
}

function ComboboxPopup({ emptyText }: { emptyText: string }) {
  return (
    <BaseCombobox.Portal>
      <BaseCombobox.Positioner sideOffset={4} className="z-50 outline-none">
        <BaseCombobox.Popup
          data-popup
          className="popup w-(--anchor-width) min-w-56 max-w-(--available-width)"
        >
          <BaseCombobox.Empty>
            <div className="px-3 py-4 text-center text-sm text-subtle">{emptyText}</div>
          </BaseCombobox.Empty>
          <BaseCombobox.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto overscroll-contain p-1 data-empty:p-0">
            {(item: ComboboxItem) => <ComboboxOption key={item.value} item={item} />}
          </BaseCombobox.List>
        </BaseCombobox.Popup>
      </BaseCombobox.Positioner>
    </BaseCombobox.Portal>
  );
}

function ComboboxOption({ item }: { item: ComboboxItem }) {
  if (item.value === createValue) {
    return (
      <BaseCombobox.Item value={item} className={optionStyle}>
        <Plus className="size-4 text-subtle" />
        <span className="truncate">
          {item.description} <span className="font-medium">“{item.label}”</span>
        </span>
      </BaseCombobox.Item>
    );
  }
  return (
    <BaseCombobox.Item value={item} className={optionStyle}>
      {item.icon ? <span className="flex text-subtle [&_svg]:size-4">{item.icon}</span> : null}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{item.label}</span>
        {item.description ? (
          <span className="block truncate text-xs text-subtle">{item.description}</span>
        ) : null}
      </span>
      <BaseCombobox.ItemIndicator>
        <Check className="size-4 text-accent-text" />
      </BaseCombobox.ItemIndicator>
    </BaseCombobox.Item>
  );
}
