import { useEffect, useRef } from 'react';
import { rectOf } from './document/geometry.ts';
import { useEditor } from './editor-context.ts';
import { useFlowApi } from './flow/flow.tsx';

/** How much of a phone's canvas the inspector covers. */
const SHEET = 0.62;

/** The panel must not hide the node it is about: once the pointer is up, the canvas moves by the overlap. */
export function useReveal(id: string | null, narrow: boolean): void {
  const { document, definitionOf } = useEditor();
  const flow = useFlowApi();
  const pointerDown = usePointerDown();
  useEffect(() => {
    if (id === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const reveal = (): void => {
      const node = document.store.getState().nodes.get(id);
      const sheet = narrow
        ? (window.document.querySelector<HTMLElement>('[data-canvas]')?.offsetHeight ?? 0) * SHEET
        : 0;
      if (node) flow.reveal(rectOf(node, definitionOf), sheet);
    };
    const soon = (): void => {
      timer = setTimeout(reveal, 120);
    };
    // A mouse selects when it goes down, a finger when it has left.
    if (pointerDown.current) window.addEventListener('pointerup', soon, { once: true });
    else soon();
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pointerup', soon);
    };
  }, [id, narrow, document, definitionOf, flow, pointerDown]);
}

/** Whether a pointer is held down now. */
function usePointerDown(): { readonly current: boolean } {
  const down = useRef(false);
  useEffect(() => {
    const set = (event: PointerEvent): void => {
      down.current = event.type === 'pointerdown';
    };
    const types = ['pointerdown', 'pointerup', 'pointercancel'] as const;
    for (const type of types) window.addEventListener(type, set, true);
    return () => {
      for (const type of types) window.removeEventListener(type, set, true);
    };
  }, []);
  return down;
}
