import { useEffect } from 'react';
import { type EditorParts, NOTHING } from '../editor-context.ts';
import type { Actions } from './action.ts';
import type { Command } from './command-shape.ts';
import { byTitle } from './walk.ts';

const TEXT = 'input, textarea, select, [contenteditable="true"], [role="textbox"], [data-keys="own"]';
const OVERLAY = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';
const CONTROL = 'button, a, [role="tab"], [role="switch"], [role="separator"], [role="treeitem"]';

/** How soon the second of two keys has to follow the first. */
const SEQUENCE_MS = 1500;

/** `Mod+Shift+Z` for an event, in the spelling of the registry. */
export function keysOf(event: KeyboardEvent): string {
  const named = event.key.length > 1;
  // A symbol such as ? or + already says that Shift was held.
  const letter = /^[a-z]$/i.test(event.key);
  const parts = [
    ...(event.metaKey || event.ctrlKey ? ['Mod'] : []),
    ...(event.altKey ? ['Alt'] : []),
    ...(event.shiftKey && (named || letter) ? ['Shift'] : []),
    letter ? event.key.toUpperCase() : event.key,
  ];
  return parts.join('+');
}

type Focus = 'text' | 'overlay' | 'control' | 'canvas';

function focusOf(target: EventTarget | null): Focus {
  const element = target instanceof Element ? target : null;
  if (element?.closest(TEXT)) return 'text';
  if (element?.closest(OVERLAY)) return 'overlay';
  // What is reviewed lies over the graph that keys would change.
  if (window.document.querySelector('[data-review]')) return 'overlay';
  if (
    window.document.querySelector(
      '[role="dialog"][data-open], [role="menu"][data-open], [role="alertdialog"]',
    )
  )
    return 'overlay';
  if (element?.closest('[data-canvas]') || element === window.document.body || element === null)
    return 'canvas';
  return element.closest(CONTROL) ? 'control' : 'canvas';
}

/** Keys of the editor. They never act inside text or an open dialog, and single letters only on the canvas. */
export function useKeyboard(commands: readonly Command[], parts: EditorParts, actions: Actions): void {
  useEffect(() => {
    const byKeys = new Map(
      commands.flatMap((command) => command.keys.map((keys) => [keys, command] as const)),
    );
    let typed = { letters: '', at: 0 };
    let before = { keys: '', at: 0 };
    const jump = (letter: string): void => {
      const now = Date.now();
      typed = { letters: now - typed.at < 700 ? typed.letters + letter : letter, at: now };
      const { graph } = parts.document.store.getState();
      const [current = null] = parts.selection.getState().nodes;
      const next = byTitle(graph, current, typed.letters, parts.definitionOf);
      if (next !== null) actions.select([next], true);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const focus = focusOf(event.target);
      if (focus === 'overlay') return;
      const keys = keysOf(event);
      const both = Date.now() - before.at < SEQUENCE_MS ? byKeys.get(`${before.keys} ${keys}`) : undefined;
      const command = both ?? byKeys.get(keys);
      before = focus === 'canvas' ? { keys, at: Date.now() } : { keys: '', at: 0 };
      const fromText =
        focus === 'text' &&
        !(command && ['run', 'stop', 'save', 'palette', 'regions', 'regions-back'].includes(command.id));
      if (fromText) return;
      if (command && (focus === 'canvas' || command.anywhere)) {
        event.preventDefault();
        command.run();
      } else if (keys === 'Escape') stepOut(parts);
      else if (
        focus === 'canvas' &&
        /^[\p{L}\p{N}]$/u.test(event.key) &&
        !event.ctrlKey &&
        !event.metaKey &&
        !event.altKey
      )
        jump(event.key);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [commands, parts, actions]);
}

/** One press, one step: picker, then selection. Never a run. */
function stepOut({ layout, selection }: EditorParts): void {
  if (layout.getState().picker) layout.setState({ picker: null });
  else {
    const { nodes, edges } = selection.getState();
    if (nodes.size + edges.size > 0) selection.setState(NOTHING, true);
  }
  window.document.querySelector<HTMLElement>('[data-canvas]')?.focus({ preventScroll: true });
}

/** Copy, cut and paste through the browser's own events, which need no permission. */
export function useClipboard(actions: Actions): void {
  useEffect(() => {
    const wanted = (event: ClipboardEvent): boolean => {
      const focus = focusOf(event.target);
      const selected = window.getSelection()?.toString() ?? '';
      return (focus === 'canvas' || focus === 'control') && (selected === '' || event.type === 'paste');
    };
    const onCopy = (event: ClipboardEvent): void => {
      if (!wanted(event)) return;
      const text = actions.copiedText();
      if (text === null) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', text);
      if (event.type === 'cut') actions.removeCut();
      else actions.say('Copied');
    };
    const onPaste = (event: ClipboardEvent): void => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (!wanted(event) || text === '') return;
      event.preventDefault();
      actions.paste(text);
    };
    window.addEventListener('copy', onCopy);
    window.addEventListener('cut', onCopy);
    window.addEventListener('paste', onPaste);
    return () => {
      window.removeEventListener('copy', onCopy);
      window.removeEventListener('cut', onCopy);
      window.removeEventListener('paste', onPaste);
    };
  }, [actions]);
}
