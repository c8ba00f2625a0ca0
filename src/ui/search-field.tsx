'use client';

import { Search, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { cn } from './class-name.ts';
import { type ControlSize, controlStyle } from './control-style.ts';
import { Kbd } from './kbd.tsx';

export interface SearchFieldProps {
  value: string;
  onValueChange: (value: string) => void;
  placeholder?: string | undefined;
  ariaLabel?: string | undefined;
  /** A single key, such as `/`, that moves focus here. */
  shortcut?: string | undefined;
  /** Milliseconds of silence before `onValueChange`; 0 reports every key. */
  delay?: number | undefined;
  size?: ControlSize | undefined;
  autoFocus?: boolean | undefined;
  className?: string | undefined;
}

/** A search box. Esc clears it. */
export function SearchField(props: SearchFieldProps) {
  const { value, onValueChange, placeholder = 'Search', shortcut, delay = 0, size = 'md' } = props;
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useDelayedText(value, onValueChange, delay);
  useFocusShortcut(shortcut, input);

  const clear = () => {
    setText('', true);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && text !== '') {
      event.stopPropagation();
      clear();
    } else if (event.key === 'Enter') setText(text, true);
  };

  return (
    <span className={cn('relative flex w-full items-center', props.className)}>
      <Search className="pointer-events-none absolute left-2.5 size-4 text-subtle" aria-hidden />
      <input
        ref={input}
        type="search"
        value={text}
        placeholder={placeholder}
        aria-label={props.ariaLabel ?? placeholder}
        autoFocus={props.autoFocus}
        onChange={(event) => setText(event.target.value, false)}
        onKeyDown={onKeyDown}
        className={cn(controlStyle({ size }), 'peer pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden')}
      />
      {text !== '' ? (
        <button
          type="button"
          aria-label="Clear search"
          onClick={clear}
          className="touch-target absolute right-1.5 flex size-5 items-center justify-center rounded-sm text-subtle hover:bg-hover hover:text-text"
        >
          <X className="size-3.5" />
        </button>
      ) : shortcut ? (
        <Kbd
          keys={shortcut}
          className="pointer-events-none absolute right-1.5 peer-focus:hidden pointer-coarse:hidden"
        />
      ) : null}
    </span>
  );
}

function useDelayedText(value: string, report: (value: string) => void, delay: number) {
  const [draft, setDraft] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const stop = () => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
  };
  useEffect(() => stop, []);
  const setText = (next: string, now: boolean) => {
    stop();
    if (delay === 0 || now) {
      setDraft(null);
      if (next !== value) report(next);
      return;
    }
    setDraft(next);
    timer.current = setTimeout(() => {
      setDraft(null);
      report(next);
    }, delay);
  };
  return [draft ?? value, setText] as const;
}

function useFocusShortcut(key: string | undefined, input: { readonly current: HTMLInputElement | null }) {
  useEffect(() => {
    if (key === undefined) return;
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const typing = target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
      if (event.key !== key || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [key, input]);
}
