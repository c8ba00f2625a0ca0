import { cn } from '#ui/class-name.ts';
import type { Suggestion } from './suggestion.ts';

export interface CodeFieldProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  mode: 'template' | 'javascript' | 'python' | 'json';
  placeholder?: string;
  /** Text with one line only, as high as an input. */
  singleLine?: boolean;
  invalid?: boolean;
  /** What `{{` offers; asked for when it is needed. */
  suggestions?: () => readonly Suggestion[];
  /** Whether a text means `value` already, so that one's own spelling of it may stay. */
  sameAs?: (text: string) => boolean;
}

/** Source code: no templates, numbered lines, room to write. */
export const isCode = (mode: CodeFieldProps['mode']): boolean => mode === 'javascript' || mode === 'python';

/** The frame around a field, with or without its editor. */
export const frameOf = ({ mode, invalid }: CodeFieldProps): string =>
  cn(
    'overflow-hidden rounded-md border border-strong bg-surface focus-within:border-accent focus-within:ring-1 focus-within:ring-accent',
    isCode(mode) && '[&_.cm-content]:min-h-40',
    mode === 'json' && '[&_.cm-content]:min-h-20',
    invalid && 'border-danger',
  );
