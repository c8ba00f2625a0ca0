/** Render counts for the performance budget's test; collected only when the browser asks for them. */
export interface Counters {
  cardRenders: number;
  /** Feeds one status into the shown run, as a message from the server would. */
  status?: (nodeId: string, status: string) => void;
}

declare global {
  interface Window {
    __pipewright_counters?: Counters;
  }
}

/** The counters, or null unless `localStorage['pipewright:counters']` is set. */
export function countersIfWanted(): Counters | null {
  if (typeof window === 'undefined') return null;
  try {
    if (window.localStorage.getItem('pipewright:counters') === null) return null;
  } catch {
    return null;
  }
  window.__pipewright_counters ??= { cardRenders: 0 };
  return window.__pipewright_counters;
}
