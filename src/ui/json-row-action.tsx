'use client';

import { Check, Copy, Route } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { copyText } from './copy-button.tsx';

/** The buttons at the end of a JSON row. They show on hover and on keyboard focus. */
export function JsonRowActions({ path, value }: { path: string; value: unknown }) {
  return (
    <span className="flex shrink-0 items-center rounded-sm bg-hover opacity-0 focus-within:opacity-100 group-hover/json:opacity-100 pointer-fine:absolute pointer-fine:top-0 pointer-fine:right-1 pointer-coarse:ml-auto pointer-coarse:bg-transparent pointer-coarse:opacity-100">
      <RowAction label={`Copy path ${path}`} icon={<Route className="size-3" />} text={() => path} />
      <RowAction
        label={`Copy value of ${path}`}
        icon={<Copy className="size-3" />}
        text={() => (typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? ''))}
      />
    </span>
  );
}

function RowAction({ label, icon, text }: { label: string; icon: ReactNode; text: () => string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    copyText(text()).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <button
      type="button"
      title={label}
      aria-label={copied ? 'Copied' : label}
      onClick={copy}
      onBlur={() => setCopied(false)}
      onPointerLeave={() => setCopied(false)}
      className="flex size-6 items-center justify-center rounded-sm text-subtle hover:bg-active hover:text-text pointer-coarse:size-11"
    >
      {copied ? <Check className="size-3 text-success-text" /> : icon}
    </button>
  );
}
