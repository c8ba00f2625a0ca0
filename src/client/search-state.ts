'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';

/** How a screen's state is written in the address. Both functions are module-level constants. */
export interface SearchState<T> {
  readonly read: (params: URLSearchParams) => T;
  /** Leaves out what is default, so that addresses stay short. */
  readonly write: (state: T) => URLSearchParams;
}

/** A whole number within bounds, or the fallback for anything else. */
export function readNumber(
  text: string | null,
  bounds: { min: number; max: number; fallback: number },
): number {
  const value = Number(text ?? Number.NaN);
  return Number.isInteger(value) && value >= bounds.min && value <= bounds.max ? value : bounds.fallback;
}

/**
 * State that lives in the address bar, so that it survives reloads and can be shared. `change` replaces the current
 * entry of the history; with `{ step: true }` it adds one, so that Back leads to what was seen before.
 */
export function useSearchState<T extends object>(
  form: SearchState<T>,
): [T, (change: Partial<T>, how?: { step?: boolean }) => void] {
  const path = usePathname();
  const params = useSearchParams();
  const state = useMemo(() => form.read(new URLSearchParams(params)), [form, params]);
  const change = useCallback(
    (part: Partial<T>, how: { step?: boolean } = {}) => {
      // Not the rendered state: two changes in one tick must both count.
      const now = form.read(new URLSearchParams(window.location.search));
      const query = form.write({ ...now, ...part }).toString();
      const address = query === '' ? path : `${path}?${query}`;
      if (how.step) window.history.pushState(null, '', address);
      else window.history.replaceState(null, '', address);
    },
    [form, path],
  );
  return [state, change];
}
