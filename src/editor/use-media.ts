import { useCallback, useSyncExternalStore } from 'react';

/** Whether a media query holds now; false on the server. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  );
}

export const useNarrow = (): boolean => useMedia('(max-width: 767px)');
export const useTouch = (): boolean => useMedia('(pointer: coarse)');
