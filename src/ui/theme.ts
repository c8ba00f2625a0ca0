'use client';

import { useSyncExternalStore } from 'react';
import { themeStorageKey } from './theme-script.tsx';

export type ThemePreference = 'light' | 'dark' | 'system';
export type Theme = 'light' | 'dark';

const listeners = new Set<() => void>();
const darkQuery = '(prefers-color-scheme: dark)';

function readPreference(): ThemePreference {
  try {
    const stored = window.localStorage.getItem(themeStorageKey);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    // Storage can be blocked; the system's theme still works.
    return 'system';
  }
}

function resolve(preference: ThemePreference): Theme {
  if (preference !== 'system') return preference;
  return window.matchMedia(darkQuery).matches ? 'dark' : 'light';
}

/** Puts the chosen theme into effect. Pages that are drawn in the browser alone, such as “not found”, run no script before. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = resolve(readPreference());
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    window.matchMedia(darkQuery).addEventListener('change', applyTheme);
    window.addEventListener('storage', applyTheme);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.matchMedia(darkQuery).removeEventListener('change', applyTheme);
    window.removeEventListener('storage', applyTheme);
  };
}

/** Changes the theme of this browser, now and for later visits. */
export function setThemePreference(preference: ThemePreference): void {
  try {
    if (preference === 'system') window.localStorage.removeItem(themeStorageKey);
    else window.localStorage.setItem(themeStorageKey, preference);
  } catch {
    // Without storage the choice lasts until the page is left.
    document.documentElement.dataset.theme = resolve(preference);
    return;
  }
  applyTheme();
}

/** The chosen theme and the one in effect; on the server `system` and `light`. */
export function useTheme(): {
  preference: ThemePreference;
  resolved: Theme;
  setPreference: (preference: ThemePreference) => void;
} {
  const preference = useSyncExternalStore(subscribe, readPreference, () => 'system' as const);
  const resolved = useSyncExternalStore(
    subscribe,
    () => resolve(readPreference()),
    () => 'light' as const,
  );
  return { preference, resolved, setPreference: setThemePreference };
}
