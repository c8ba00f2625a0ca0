'use client';

import { useSyncExternalStore } from 'react';
import { cn } from './class-name.ts';

const macSymbols: Record<string, string> = {
  mod: '⌘',
  ctrl: '⌃',
  alt: '⌥',
  shift: '⇧',
  enter: '↵',
  esc: 'Esc',
};
const otherSymbols: Record<string, string> = { mod: 'Ctrl', enter: '↵', esc: 'Esc' };
const subscribeToNothing = () => () => undefined;

function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.platform);
}

/** Spells a shortcut such as `Mod+Shift+P` the way this platform writes it. */
export function Kbd({ keys, className }: { keys: string; className?: string | undefined }) {
  const mac = useSyncExternalStore(subscribeToNothing, isMac, () => false);
  const symbols = mac ? macSymbols : otherSymbols;
  const parts = keys.split('+').map((key) => symbols[key.toLowerCase()] ?? key);
  return (
    <kbd
      className={cn(
        'inline-flex h-5 min-w-5 items-center justify-center whitespace-nowrap rounded-sm border bg-sunken px-1 font-sans text-2xs font-medium text-subtle',
        className,
      )}
    >
      {parts.join(mac ? '' : '+')}
    </kbd>
  );
}
