'use client';

import { Input } from '#ui/input.tsx';

interface MomentFieldProps {
  /** ISO 8601 with Z; empty for none. */
  value: string;
  onValueChange: (value: string) => void;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-01-31T14:05` by this browser's clock; empty for what is no moment. */
function localText(value: string): string {
  const at = new Date(value);
  if (value === '' || Number.isNaN(at.getTime())) return '';
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A moment, chosen by the person's own clock and kept in UTC. */
export function MomentField({ value, onValueChange }: MomentFieldProps) {
  const choose = (local: string): void => {
    const chosen = new Date(local);
    onValueChange(local === '' || Number.isNaN(chosen.getTime()) ? '' : chosen.toISOString());
  };
  return <Input type="datetime-local" value={localText(value)} onValueChange={choose} />;
}
