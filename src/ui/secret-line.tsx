import { CopyButton } from './copy-button.tsx';

interface SecretLineProps {
  value: string;
  copyLabel: string;
  testId?: string | undefined;
}

/** A secret that is shown this once, with a way to copy it. */
export function SecretLine({ value, copyLabel, testId }: SecretLineProps) {
  return (
    <div
      // It replaces the form that had the focus; reading goes on here.
      ref={takeFocus}
      tabIndex={-1}
      className="flex items-center gap-2 rounded-lg border bg-sunken py-2 pr-2 pl-3"
    >
      <code data-testid={testId} className="min-w-0 flex-1 break-all font-mono text-xs select-all">
        {value}
      </code>
      <CopyButton value={value} label={copyLabel} text />
    </div>
  );
}

const takeFocus = (element: HTMLElement | null): void => element?.focus();
