'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, type ButtonSize } from './button.tsx';
import { IconButton } from './icon-button.tsx';

export interface CopyButtonProps {
  value: string;
  label?: string | undefined;
  /** Shows the label instead of only the icon. */
  text?: boolean | undefined;
  size?: ButtonSize | undefined;
  className?: string | undefined;
}

/** Puts `value` on the clipboard and says so for two seconds. */
export function CopyButton({ value, label = 'Copy', text = false, size = 'sm', className }: CopyButtonProps) {
  const [result, setResult] = useState<'copied' | 'refused' | null>(null);

  useEffect(() => {
    if (result === null) return;
    const timer = setTimeout(() => setResult(null), 2000);
    return () => clearTimeout(timer);
  }, [result]);

  const copy = () => {
    copyText(value).then(
      () => setResult('copied'),
      () => setResult('refused'),
    );
  };
  const icon = result === 'copied' ? <Check className="text-success-text" /> : <Copy />;
  const name = result === 'copied' ? 'Copied' : result === 'refused' ? 'Could not copy' : label;
  return (
    <>
      {text ? (
        <Button size={size} icon={icon} onClick={copy} className={className}>
          {name}
        </Button>
      ) : (
        <IconButton size={size} icon={icon} label={name} onClick={copy} className={className} />
      )}
      <span role="status" className="sr-only">
        {result === null ? '' : name}
      </span>
    </>
  );
}

/** Copies text; the clipboard API exists only on secure origins, so plain HTTP falls back to a selection. */
export async function copyText(value: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(value);
  const area = document.createElement('textarea');
  area.value = value;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (!copied) throw new Error('The browser refused to copy');
}
