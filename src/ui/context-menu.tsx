'use client';

import { ContextMenu as BaseContextMenu } from '@base-ui/react/context-menu';
import type { ReactElement } from 'react';
import { type MenuEntry, MenuPanel } from './menu-entry.tsx';

/** The commands for what is under the pointer; right click, long press, or the Menu key opens them. */
export function ContextMenu({
  items,
  children,
  onOpenChange,
}: {
  items: readonly MenuEntry[];
  /** The one element that the menu belongs to. */
  children: ReactElement;
  onOpenChange?: ((open: boolean) => void) | undefined;
}) {
  return (
    <BaseContextMenu.Root onOpenChange={onOpenChange ? (open) => onOpenChange(open) : undefined}>
      <BaseContextMenu.Trigger render={children} />
      <BaseContextMenu.Portal>
        <BaseContextMenu.Positioner className="z-50 outline-none">
          <MenuPanel items={items} />
        </BaseContextMenu.Positioner>
      </BaseContextMenu.Portal>
    </BaseContextMenu.Root>
  );
}
