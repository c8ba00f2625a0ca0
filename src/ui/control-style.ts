import { cva } from 'class-variance-authority';

/** The box shared by everything one types into or picks from. */
export const controlStyle = cva(
  [
    'flex w-full min-w-0 items-center rounded-md border border-strong bg-surface text-text shadow-control',
    'transition-[border-color,background-color] not-data-disabled:hover:border-subtle/70',
    'data-invalid:border-danger aria-invalid:border-danger has-[[data-invalid]]:border-danger',
    'disabled:cursor-not-allowed disabled:bg-sunken disabled:text-subtle data-disabled:cursor-not-allowed data-disabled:bg-sunken data-disabled:text-subtle',
    '[&[readonly]]:bg-sunken pointer-coarse:min-h-11',
  ],
  {
    variants: {
      size: {
        sm: 'h-7 px-2 text-xs',
        md: 'h-8 px-2.5 text-sm',
        lg: 'h-10 px-3 text-base',
      },
    },
    defaultVariants: { size: 'md' },
  },
);

/** The ring for a box whose inner input, rather than the box, has focus. */
export const focusWithinRing =
  'outline-offset-2 outline-focus has-[input:focus-visible]:outline-2 [&_input]:outline-none';

/** One row of a select, combobox or menu popup. */
export const optionStyle =
  'flex min-h-8 cursor-default select-none items-center gap-2 rounded-md px-2 py-1 text-sm outline-none data-disabled:opacity-50 data-highlighted:bg-hover dark:data-highlighted:bg-active pointer-coarse:min-h-11';

export type ControlSize = 'sm' | 'md' | 'lg';
