import { CopyButton } from './copy-button.tsx';

interface SecretLineProps {
  value: string;
  copyLabel: string;
  testId?: string | undefined;
}

/** A secret that is shown this once, with a way to copy it. */
export function SecretLine({ value, copyLabel, testId }: SecretLineProps) {
  return (
    <div className="flex items-center gap-2 rounded-lg border bg-sunken py-2 pr-2 pl-3">
      <code data-testid={testId} className="min-w-0 flex-1 break-all font-mono text-xs select-all">
        {value}
      </code>
      <CopyButton value={value} label={copyLabel} text />
    </div>
  );
}
