import type { StoreApi } from 'zustand/vanilla';
import type { Layout } from '../editor-context.ts';

/** Shows the conversation below the canvas and goes to where messages are written. */
export function openChat(layout: StoreApi<Layout>): void {
  layout.setState({ dock: 'chat' });
  let tries = 60;
  const focus = (): void => {
    const input = window.document.querySelector<HTMLElement>('[data-region="dock"] textarea');
    if (input) input.focus();
    else if ((tries -= 1) > 0) requestAnimationFrame(focus);
  };
  requestAnimationFrame(focus);
}
