'use client';

import { Menu as BaseMenu } from '@base-ui/react/menu';
import { Check, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './class-name.ts';
import { optionStyle } from './control-style.ts';
import { Kbd } from './kbd.tsx';
import { Link } from './link.tsx';

export interface MenuItem {
  type?: 'item' | undefined;
  label: string;
  description?: string | undefined;
  icon?: ReactNode;
  /** For display only, such as `Mod+D`. */
  shortcut?: string | undefined;
  onSelect?: (() => void) | undefined;
  href?: string | undefined;
  danger?: boolean | undefined;
  disabled?: boolean | undefined;
}

export type MenuEntry =
  | MenuItem
  | { type: 'separator' }
  | { type: 'label'; label: string }
  | {
      type: 'checkbox';
      label: string;
      checked: boolean;
      onCheckedChange: (checked: boolean) => void;
      disabled?: boolean | undefined;
    }
  | {
      type: 'radio';
      label?: string | undefined;
      value: string;
      onValueChange: (value: string) => void;
      options: readonly { value: string; label: string }[];
    }
  | {
      type: 'submenu';
      label: string;
      icon?: ReactNode;
      items: readonly MenuEntry[];
      disabled?: boolean | undefined;
    };

const popupStyle = 'popup max-h-(--available-height) min-w-48 max-w-80 overflow-y-auto p-1';

/** The floating panel of a menu; menus, context menus and submenus look the same. */
export function MenuPanel({ items }: { items: readonly MenuEntry[] }) {
  return (
    <BaseMenu.Popup data-popup className={popupStyle}>
      <MenuEntries items={items} />
    </BaseMenu.Popup>
  );
}

function MenuEntries({ items }: { items: readonly MenuEntry[] }) {
  return items.map((entry, index) => (
    // Entries have no identity beyond their place and label.
    <Entry key={`${index}:${'label' in entry ? entry.label : entry.type}`} entry={entry} />
  ));
}

function Entry({ entry }: { entry: MenuEntry }) {
  if (entry.type === 'separator') return <BaseMenu.Separator className="-mx-1 my-1 h-px bg-border" />;
  if (entry.type === 'label') return <MenuHeading>{entry.label}</MenuHeading>;
  if (entry.type === 'checkbox') return <CheckboxEntry entry={entry} />;
  if (entry.type === 'radio') return <RadioEntry entry={entry} />;
  if (entry.type === 'submenu') return <SubmenuEntry entry={entry} />;
  return <ItemEntry entry={entry} />;
}

function MenuHeading({ children }: { children: ReactNode }) {
  return <div className="px-2 pt-1.5 pb-1 text-2xs font-medium text-subtle">{children}</div>;
}

function ItemEntry({ entry }: { entry: MenuItem }) {
  const className = cn(
    optionStyle,
    entry.danger && 'text-danger-text data-highlighted:bg-danger-soft dark:data-highlighted:bg-danger-soft',
  );
  const content = (
    <>
      {entry.icon ? (
        <span className={cn('flex [&_svg]:size-4', !entry.danger && 'text-subtle')}>{entry.icon}</span>
      ) : null}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{entry.label}</span>
        {entry.description ? <span className="block text-xs text-subtle">{entry.description}</span> : null}
      </span>
      {entry.shortcut ? (
        <Kbd keys={entry.shortcut} className="border-transparent bg-transparent pl-3" />
      ) : null}
    </>
  );
  if (entry.href !== undefined && !entry.disabled) {
    return (
      <BaseMenu.LinkItem
        render={<Link href={entry.href} />}
        onClick={entry.onSelect}
        className={className}
        closeOnClick
      >
        {content}
      </BaseMenu.LinkItem>
    );
  }
  return (
    <BaseMenu.Item onClick={entry.onSelect} disabled={entry.disabled} className={className}>
      {content}
    </BaseMenu.Item>
  );
}

function CheckboxEntry({ entry }: { entry: Extract<MenuEntry, { type: 'checkbox' }> }) {
  return (
    <BaseMenu.CheckboxItem
      checked={entry.checked}
      onCheckedChange={(checked) => entry.onCheckedChange(checked)}
      disabled={entry.disabled}
      className={optionStyle}
    >
      <Tick>
        <BaseMenu.CheckboxItemIndicator render={<Check className="size-4 text-accent-text" />} />
      </Tick>
      <span className="min-w-0 flex-1 truncate">{entry.label}</span>
    </BaseMenu.CheckboxItem>
  );
}

function RadioEntry({ entry }: { entry: Extract<MenuEntry, { type: 'radio' }> }) {
  return (
    <BaseMenu.RadioGroup value={entry.value} onValueChange={(value: string) => entry.onValueChange(value)}>
      {entry.label ? <MenuHeading>{entry.label}</MenuHeading> : null}
      {entry.options.map((option) => (
        <BaseMenu.RadioItem key={option.value} value={option.value} className={optionStyle}>
          <Tick>
            <BaseMenu.RadioItemIndicator render={<Check className="size-4 text-accent-text" />} />
          </Tick>
          <span className="min-w-0 flex-1 truncate">{option.label}</span>
        </BaseMenu.RadioItem>
      ))}
    </BaseMenu.RadioGroup>
  );
}

function Tick({ children }: { children: ReactNode }) {
  return <span className="flex w-4 shrink-0">{children}</span>;
}

function SubmenuEntry({ entry }: { entry: Extract<MenuEntry, { type: 'submenu' }> }) {
  return (
    <BaseMenu.SubmenuRoot disabled={entry.disabled}>
      <BaseMenu.SubmenuTrigger className={cn(optionStyle, 'data-popup-open:bg-hover')}>
        {entry.icon ? <span className="flex text-subtle [&_svg]:size-4">{entry.icon}</span> : null}
        <span className="min-w-0 flex-1 truncate">{entry.label}</span>
        <ChevronRight className="size-4 text-subtle" />
      </BaseMenu.SubmenuTrigger>
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={2} alignOffset={-5} className="z-50 outline-none">
          <MenuPanel items={entry.items} />
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.SubmenuRoot>
  );
}
