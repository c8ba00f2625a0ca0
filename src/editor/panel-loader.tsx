'use client';

import { type ComponentProps, type ComponentType, lazy, Suspense, useEffect } from 'react';
import { Skeleton, SkeletonText } from '#ui/skeleton.tsx';
import { loadCodeMirror } from './inspector/code-mirror.tsx';

const load = {
  inspector: () => import('./inspector/inspector.tsx'),
  dock: () => import('./dock/dock.tsx'),
  propose: () => import('./propose/propose-panel.tsx'),
  review: () => import('./propose/review-canvas.tsx'),
} as const;

const InspectorView = lazy(() => load.inspector().then(({ Inspector }) => ({ default: Inspector })));
const DockView = lazy(() => load.dock().then(({ Dock }) => ({ default: Dock })));
const ProposeView = lazy(() => load.propose().then(({ ProposePanel }) => ({ default: ProposePanel })));
const ReviewView = lazy(() => load.review().then(({ ReviewCanvas }) => ({ default: ReviewCanvas })));

/** A part of the editor that nobody sees when it opens; it is fetched afterwards. */
function later<P extends object>(View: ComponentType<P>, label: string | null) {
  return (props: P) => (
    <Suspense fallback={label === null ? null : <PanelLoading label={label} />}>
      <View {...props} />
    </Suspense>
  );
}

export const Inspector = later<ComponentProps<typeof InspectorView>>(InspectorView, 'Inspector');
export const Dock = later<ComponentProps<typeof DockView>>(DockView, 'Bottom panel');
export const ProposePanel = later<object>(ProposeView, 'Describe a change');
export const ReviewCanvas = later<ComponentProps<typeof ReviewView>>(ReviewView, null);

/** A head, tabs and lines: what every panel begins with. */
function PanelLoading({ label }: { label: string }) {
  return (
    <section aria-label={label} aria-busy className="flex h-full min-h-0 flex-col bg-surface">
      <div className="flex h-12 shrink-0 items-center border-b border-border px-4">
        <Skeleton className="w-32" />
      </div>
      <SkeletonText className="p-4" />
    </section>
  );
}

/** Fetches what was left out of the opening as soon as the browser has nothing better to do. */
export function usePreloadedPanels(): void {
  useEffect(() => {
    const all = [load.inspector, load.dock, loadCodeMirror, load.propose, load.review];
    const fetchAll = (): void => {
      // Without a connection they are fetched when they are wanted, which then says what is wrong.
      for (const one of all) one().catch(() => undefined);
    };
    if (typeof window.requestIdleCallback !== 'function') {
      const timer = setTimeout(fetchAll, 1000);
      return () => clearTimeout(timer);
    }
    const idle = window.requestIdleCallback(fetchAll, { timeout: 4000 });
    return () => window.cancelIdleCallback(idle);
  }, []);
}
