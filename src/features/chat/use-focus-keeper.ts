import { type RefObject, useEffect } from 'react';

/**
 * When what has the focus goes away (a button that was pressed and is not there any more), the focus would fall to
 * the page's beginning; it goes to the composer instead. On touch screens it goes to `quiet`, because the composer
 * would open the keyboard over what the person wants to see.
 */
export function useFocusKeeper(
  root: RefObject<HTMLElement | null>,
  composer: RefObject<HTMLElement | null>,
  quiet: string,
): void {
  useEffect(() => {
    const area = root.current;
    if (!area) return;
    let last: Element | null = null;
    const onFocus = (event: FocusEvent): void => {
      last = event.target instanceof Element ? event.target : null;
    };
    const onLeave = (event: FocusEvent): void => {
      // Without a next element either nothing was clicked, or the element goes away: the observer tells which.
      if (event.relatedTarget !== null) last = null;
    };
    const gone = new MutationObserver(() => {
      if (last === null || last.isConnected) return;
      last = null;
      if (document.activeElement !== document.body) return;
      const coarse = window.matchMedia('(pointer: coarse)').matches;
      const target = coarse ? area.querySelector<HTMLElement>(quiet) : composer.current;
      target?.focus({ preventScroll: true });
    });
    area.addEventListener('focusin', onFocus);
    area.addEventListener('focusout', onLeave);
    gone.observe(area, { childList: true, subtree: true });
    return () => {
      area.removeEventListener('focusin', onFocus);
      area.removeEventListener('focusout', onLeave);
      gone.disconnect();
    };
  }, [root, composer, quiet]);
}
