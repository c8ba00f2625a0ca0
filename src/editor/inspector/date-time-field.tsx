'use client';

import { Input } from '#ui/input.tsx';

interface DateTimeFieldProps {
  label: string;
  /** ISO 8601 with Z; empty for none. */
  value: string;
  placeholder: string;
  onChange: (value: string) => void;
}

/** A moment, chosen in the person's own time zone and kept in UTC. What is no moment stays text to be mended. */
export function DateTimeField({ label, value, placeholder, onChange }: DateTimeFieldProps) {
  const at = value === '' ? null : new Date(value);
  if (at !== null && Number.isNaN(at.getTime()))
    return <Input value={value} onValueChange={onChange} aria-label={label} placeholder={placeholder} mono />;
  const choose = (local: string): void => {
    const chosen = new Date(local);
    onChange(local === '' || Number.isNaN(chosen.getTime()) ? '' : chosen.toISOString());
  };
  return (
    <Input
      type="datetime-local"
      step={1}
      value={at ? localText(at) : ''}
      onValueChange={choose}
      aria-label={label}
    />
  );
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-01-31T14:05:00` by this browser's clock. */
function localText(at: Date): string {
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
