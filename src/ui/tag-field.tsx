'use client';

import { Field as BaseField } from '@base-ui/react/field';
import { X } from 'lucide-react';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { cn } from './class-name.ts';
import { controlStyle, focusWithinRing } from './control-style.ts';

export interface TagFieldProps {
  value: readonly string[];
  onValueChange: (value: string[]) => void;
  suggestions?: readonly string[] | undefined;
  placeholder?: string | undefined;
  id?: string | undefined;
  disabled?: boolean | undefined;
  ariaLabel?: string | undefined;
  className?: string | undefined;
}

/** A short list of words. Enter or comma adds one, Backspace in the empty box removes the last. */
export function TagField({
  value,
  onValueChange,
  suggestions = [],
  placeholder = 'Add…',
  ...rest
}: TagFieldProps) {
  const [text, setText] = useState('');
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);

  const add = () => {
    const word = text.trim();
    setText('');
    if (word !== '' && !value.includes(word)) onValueChange([...value, word]);
  };
  const remove = (word: string) => {
    onValueChange(value.filter((each) => each !== word));
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.key === 'Enter' || event.key === ',') && text.trim() !== '') {
      event.preventDefault();
      add();
    } else if (event.key === 'Backspace' && text === '') {
      onValueChange(value.slice(0, -1));
    }
  };

  return (
    <div
      className={cn(
        controlStyle(),
        focusWithinRing,
        'h-auto min-h-8 flex-wrap gap-1 px-1 py-1',
        rest.className,
      )}
    >
      {value.map((word) => (
        <span
          key={word}
          className="inline-flex h-5.5 items-center gap-0.5 rounded-sm bg-active pl-1.5 text-xs"
        >
          {word}
          <button
            type="button"
            aria-label={`Remove ${word}`}
            disabled={rest.disabled}
            onClick={() => remove(word)}
            className="touch-target flex size-5 items-center justify-center rounded-sm text-subtle hover:text-text"
          >
            <X className="size-3" />
          </button>
        </span>
      ))}
      <BaseField.Control
        ref={input}
        id={rest.id}
        aria-label={rest.ariaLabel}
        list={listId}
        value={text}
        disabled={rest.disabled}
        placeholder={value.length === 0 ? placeholder : undefined}
        onValueChange={(next) => setText(next)}
        onKeyDown={onKeyDown}
        onBlur={add}
        className="h-5.5 min-w-20 flex-1 bg-transparent px-1.5"
      />
      <datalist id={listId}>
        {suggestions
          .filter((word) => !value.includes(word))
          .map((word) => (
            <option key={word} value={word} />
          ))}
      </datalist>
    </div>
  );
}
