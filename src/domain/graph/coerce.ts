import type { PortType } from './port-type.ts';

interface Message {
  role: 'user';
  content: string;
}

const asMessage = (text: string): Message => ({ role: 'user', content: text });

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The value as the target port receives it. Performs exactly the conversions `flowBetween` allows; a value that
 * needs none (or arrived through `any`) is handed on unchanged. null stays null.
 */
export function coerce(value: unknown, source: PortType, target: PortType): unknown {
  if (value === null || value === undefined || source === target || target === 'any') return value ?? null;
  if (target === 'string') return source === 'any' ? value : toText(value);
  if (target === 'message' && typeof value === 'string') return asMessage(value);
  if (target === 'messages') {
    if (typeof value === 'string') return [asMessage(value)];
    if (!Array.isArray(value)) return [value];
  }
  return value;
}
