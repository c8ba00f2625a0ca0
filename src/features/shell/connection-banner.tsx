'use client';

import { CloudOff, RadioTower, WifiOff } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { liveStore } from '#client/live.ts';
import { Button } from '#ui/button.tsx';
import { useReachability } from './reachability.ts';

/** A short loss is not worth a word; most lines come back within this time. */
const PATIENCE_MS = 2_500;

const WORDS = {
  offline: {
    Icon: WifiOff,
    text: 'You are offline. What you change is kept here and sent when the network is back.',
  },
  server: { Icon: CloudOff, text: 'The server does not answer. What you change is kept here until it does.' },
  live: { Icon: RadioTower, text: 'Live updates are interrupted. Runs go on at the server; reconnecting…' },
} as const;

/** Says that the network, the server or the live connection is gone, for as long as it is. */
export function ConnectionBanner() {
  const reachability = useReachability();
  const trouble = useTrouble(reachability.reached);
  if (trouble === null) return null;
  const { Icon, text } = WORDS[trouble];
  return (
    <div
      role="status"
      // Floats, so that nothing under the pointer moves when it comes or goes.
      className="fixed bottom-4 left-1/2 z-30 flex min-h-10 w-max max-w-[calc(100vw-1.5rem)] -translate-x-1/2 items-center gap-2.5 rounded-lg border border-status-waiting/40 bg-warning-soft px-3.5 py-2 text-sm shadow-raised max-sm:bottom-17"
    >
      <Icon className="size-4 shrink-0 text-warning-text" aria-hidden />
      <span className="min-w-0 flex-1">{text}</span>
      {trouble === 'server' ? (
        <Button size="sm" onClick={reachability.check} loading={reachability.checking}>
          Try now
        </Button>
      ) : null}
    </div>
  );
}

function useTrouble(reached: boolean): keyof typeof WORDS | null {
  const online = useSyncExternalStore(
    watchOnline,
    () => navigator.onLine,
    () => true,
  );
  const live = useStore(liveStore, (state) => state.status);
  // The editor says so itself, beside the canvas it is about.
  const inEditor = usePathname().startsWith('/workflows/');
  const lostLive = live === 'reconnecting' && !inEditor;
  const now = online ? (reached ? (lostLive ? 'live' : null) : 'server') : 'offline';
  const [shown, setShown] = useState<keyof typeof WORDS | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setShown(now), now === null ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [now]);
  return now === null ? null : shown;
}

function watchOnline(changed: () => void): () => void {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}
