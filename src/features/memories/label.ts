import type { FACT_TYPES, MEMORY_SCOPES } from '#contract/memory.ts';

export const SCOPE_LABELS: Readonly<Record<(typeof MEMORY_SCOPES)[number], string>> = {
  session: 'One conversation',
  user: 'One person',
  agent: 'One agent',
  global: 'Everybody',
};

export const TYPE_LABELS: Readonly<Record<(typeof FACT_TYPES)[number], string>> = {
  user_preference: 'Preference',
  world_knowledge: 'About the world',
  self_knowledge: 'About itself',
  correction: 'Correction',
  relationship: 'Relationship',
};

/** A share from 0 to 1 as a percentage. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;

const UNITS = ['B', 'KiB', 'MiB', 'GiB'] as const;

/** A number of bytes in the largest unit that leaves it readable. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** How a value begins, on one line. */
export function previewText(value: unknown, max = 120): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > max ? `${line.slice(0, max)}…` : line;
}
