import type { StoreApi } from 'zustand/vanilla';
import type { Layout } from '../editor-context.ts';

/** How long the panel may take to be fetched and shown; after that the person has long moved on. */
const MOST_MS = 10_000;

/**
 * Shows the conversation below the canvas and goes to where messages are written as soon as one can write there, unless
 * the person has gone elsewhere meanwhile.
 */
export function openChat(layout: StoreApi<Layout>): void {
  layout.setState({ dock: 'chat' });
  const { document, performance } = window;
  const left = document.activeElement;
  const end = performance.now() + MOST_MS;
  const focus = (): void => {
    const active = document.activeElement;
    const isElsewhere = active !== left && active !== document.body;
    if (isElsewhere || layout.getState().dock !== 'chat' || performance.now() > end) return;
    const input = document.querySelector<HTMLElement>('[data-region="dock"] textarea');
    input?.focus();
    if (!input || document.activeElement !== input) requestAnimationFrame(focus);
  };
  requestAnimationFrame(focus);
}
