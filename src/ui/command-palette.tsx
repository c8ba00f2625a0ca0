'use client';

import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './class-name.ts';
import { backdropStyle, panelStyle } from './dialog.tsx';
import { Kbd } from './kbd.tsx';
import { Spinner } from './spinner.tsx';

export interface CommandItem {
  id: string;
  label: string;
  description?: string | undefined;
  keywords?: string[] | undefined;
  icon?: ReactNode;
  shortcut?: string | undefined;
  disabled?: boolean | undefined;
  onSelect: () => void;
}

export interface CommandGroup {
  heading: string;
  items: readonly CommandItem[];
}

export interface CommandPaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  groups: readonly CommandGroup[];
  placeholder?: string | undefined;
  /** Controlled text, for results that come from a server. */
  search?: string | undefined;
  onSearchChange?: ((search: string) => void) | undefined;
  /** False when `groups` is already filtered. */
  shouldFilter?: boolean | undefined;
  loading?: boolean | undefined;
  emptyText?: string | undefined;
  label?: string | undefined;
}

/** Finds any command by name. Choosing one closes the palette, then runs it. */
export function CommandPalette(props: CommandPaletteProps) {
  const { open, onOpenChange, label = 'Commands' } = props;
  return (
    <BaseDialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdropStyle} />
        <BaseDialog.Viewport className="fixed inset-0 z-40 flex items-start justify-center overflow-hidden p-3 pt-[12dvh]">
          <BaseDialog.Popup
            data-popup
            aria-label={label}
            className={cn(
              panelStyle,
              'max-h-[min(28rem,76dvh)] max-w-150 rounded-xl data-ending-style:scale-[0.98] data-starting-style:scale-[0.98]',
            )}
          >
            <PaletteBody {...props} />
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

function PaletteBody(props: CommandPaletteProps) {
  const { groups, search, onSearchChange, shouldFilter = true, loading = false, onOpenChange } = props;
  const controlled = search === undefined ? {} : { value: search };
  const run = (item: CommandItem) => {
    onOpenChange(false);
    item.onSelect();
  };
  return (
    <Command
      label={props.label ?? 'Commands'}
      shouldFilter={shouldFilter}
      loop
      className="flex min-h-0 flex-col"
    >
      <div className="flex h-12 shrink-0 items-center gap-2.5 border-b px-4">
        {loading ? <Spinner className="text-subtle" /> : <Search className="size-4 shrink-0 text-subtle" />}
        <Command.Input
          {...controlled}
          {...(onSearchChange ? { onValueChange: onSearchChange } : {})}
          placeholder={props.placeholder ?? 'Type a command or search…'}
          className="h-full min-w-0 flex-1 bg-transparent text-base outline-none"
        />
        <Kbd keys="Esc" />
      </div>
      <Command.List className="min-h-0 flex-1 scroll-py-2 overflow-y-auto overscroll-contain p-2">
        <Command.Empty className="py-10 text-center text-sm text-subtle">
          {loading ? 'Searching…' : (props.emptyText ?? 'Nothing matches')}
        </Command.Empty>
        {groups.map((group) => (
          <Command.Group
            key={group.heading}
            heading={group.heading}
            className="**:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:pt-2 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-2xs **:[[cmdk-group-heading]]:font-medium **:[[cmdk-group-heading]]:text-subtle"
          >
            {group.items.map((item) => (
              <PaletteItem key={item.id} item={item} onSelect={() => run(item)} />
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  );
}

function PaletteItem({ item, onSelect }: { item: CommandItem; onSelect: () => void }) {
  return (
    <Command.Item
      value={item.id}
      keywords={[item.label, item.description ?? '', ...(item.keywords ?? [])]}
      disabled={item.disabled ?? false}
      onSelect={onSelect}
      className="flex min-h-9 cursor-default select-none items-center gap-2.5 rounded-md px-2 py-1 text-sm data-[disabled=true]:opacity-50 data-[selected=true]:bg-hover dark:data-[selected=true]:bg-active pointer-coarse:min-h-11"
    >
      {item.icon ? <span className="flex text-subtle [&_svg]:size-4">{item.icon}</span> : null}
      <span className="min-w-0 flex-1 truncate">
        {item.label}
        {item.description ? <span className="ml-2 text-xs text-subtle">{item.description}</span> : null}
      </span>
      {item.shortcut ? <Kbd keys={item.shortcut} /> : null}
    </Command.Item>
  );
}
