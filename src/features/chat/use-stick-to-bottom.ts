import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** So near to the end counts as being there. */
const NEAR = 48;

export interface Stick {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  /** The newest can be seen. */
  readonly atEnd: boolean;
  readonly toEnd: () => void;
}

/**
 * Keeps the newest in sight while it grows, unless the person has scrolled up. `first` is what the list begins with:
 * when it changes, older things were put before, and what is being read stays where it is.
 */
export function useStickToBottom(first: string | undefined): Stick {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const fromEnd = useRef(0);
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    stuck.current = true;
    setAtEnd(true);
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
  }, []);

  useEffect(() => {
    const box = scroller.current;
    const inside = content.current;
    if (!box || !inside) return;
    let sizes = '';
    const sizesNow = (): string => `${box.scrollHeight} ${box.clientHeight}`;
    const onScroll = (): void => {
      fromEnd.current = box.scrollHeight - box.scrollTop;
      const near = fromEnd.current - box.clientHeight < NEAR;
      // The browser moves the view by itself when things go away; that is no wish of the person.
      if (near || sizes === sizesNow()) stuck.current = near;
      setAtEnd(stuck.current);
    };
    const grown = new ResizeObserver(() => {
      sizes = sizesNow();
      if (stuck.current) box.scrollTop = box.scrollHeight;
      else {
        // What grows at the end must not count as older things when those come.
        fromEnd.current = box.scrollHeight - box.scrollTop;
        setAtEnd(fromEnd.current - box.clientHeight < NEAR);
      }
    });
    box.addEventListener('scroll', onScroll, { passive: true });
    grown.observe(inside);
    grown.observe(box);
    return () => {
      box.removeEventListener('scroll', onScroll);
      grown.disconnect();
    };
  }, []);

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box || first === undefined) return;
    box.scrollTop = stuck.current ? box.scrollHeight : box.scrollHeight - fromEnd.current;
  }, [first]);

  return { scroller, content, atEnd, toEnd };
}
