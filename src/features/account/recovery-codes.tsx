'use client';

import { Download } from 'lucide-react';
import { Button } from '#ui/button.tsx';
import { Checkbox } from '#ui/checkbox.tsx';
import { CopyButton } from '#ui/copy-button.tsx';

export const SAVE_CODES =
  'Save these recovery codes now: they cannot be shown again. Each signs you in once without your phone.';

interface RecoveryCodesProps {
  codes: readonly string[];
  saved: boolean;
  onSaved: (saved: boolean) => void;
}

/** The recovery codes, shown this once, with ways to keep them and a promise that they are kept. */
export function RecoveryCodes({ codes, saved, onSaved }: RecoveryCodesProps) {
  return (
    <>
      <ol
        // What had the focus is gone; reading goes on here.
        ref={takeFocus}
        tabIndex={-1}
        aria-label="Recovery codes"
        className="grid gap-x-6 gap-y-1.5 rounded-lg border bg-sunken px-4 py-3 font-mono text-sm sm:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code} data-testid="recovery-code" className="text-center select-all">
            {code}
          </li>
        ))}
      </ol>
      <div className="mt-3 flex flex-wrap gap-2">
        <CopyButton value={codes.join('\n')} label="Copy codes" text size="md" />
        <Button icon={<Download />} onClick={() => download(codes)}>
          Download
        </Button>
      </div>
      <Checkbox
        className="mt-5"
        checked={saved}
        onCheckedChange={onSaved}
        label="I have saved them"
        description="In a password manager or on paper, not only on the phone with the app."
      />
    </>
  );
}

const takeFocus = (element: HTMLElement | null): void => element?.focus();

function download(codes: readonly string[]): void {
  const text = `Pipewright recovery codes for ${window.location.host}\nEach works once.\n\n${codes.join('\n')}\n`;
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'pipewright-recovery-codes.txt';
  link.click();
  URL.revokeObjectURL(url);
}
