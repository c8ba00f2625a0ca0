'use client';

import { type FocusEvent, type RefObject, useEffect, useRef } from 'react';

interface CardFocus {
  readonly region: RefObject<HTMLElement | null>;
  /** Puts the keyboard on a card that is there. */
  readonly focus: (id: string) => void;
  /** Puts the keyboard on a card once it has moved. */
  readonly follow: (id: string) => void;
  /** For the focus and blur events of the board. */
  readonly onFocus: (event: FocusEvent) => void;
}

const CARD = '[data-task]';

/**
 * Keeps the keyboard on its card when that goes to another column, by whomever it is moved: there it is a new element,
 * and the browser would lose the place. `columns` changes whenever cards move.
 */
export function useCardFocus(columns: object): CardFocus {
  const region = useRef<HTMLElement>(null);
  const held = useRef<string | null>(null);
  const isMoving = useRef(false);
  const focus = (id: string) =>
    region.current?.querySelector<HTMLElement>(`[data-task="${CSS.escape(id)}"]`)?.focus();
  useEffect(() => {
    const isLost = document.activeElement === document.body || document.activeElement === null;
    if (held.current !== null && (isLost || isMoving.current)) focus(held.current);
    isMoving.current = false;
  }, [columns]);
  useEffect(() => {
    // Whoever points elsewhere has left the card for good.
    const onPointer = ({ target }: PointerEvent): void => {
      if (!(target instanceof Element && target.closest(CARD))) held.current = null;
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, []);
  const follow = (id: string) => {
    held.current = id;
    isMoving.current = true;
  };
  const onFocus = ({ type, target, relatedTarget }: FocusEvent) => {
    // A card that is taken away blurs to nowhere, and is to be found again.
    if (type === 'blur' && relatedTarget !== null) held.current = null;
    if (type === 'focus') held.current = target.closest(CARD)?.getAttribute('data-task') ?? null;
  };
  return { region, focus, follow, onFocus };
}
