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
 * The value as the target port receives it: exactly the conversions `flowBetween` allows. What arrives through
 * `any` is handed on unchanged, save that a text or a single message becomes the message or the list of messages
 * the port takes. null stays null, and a missing value becomes null.
 */
export function coerce(value: unknown, source: PortType, target: PortType): unknown {
  if (value === null || value === undefined || source === target || target === 'any') return value ?? null;
  switch (target) {
    case 'string':
      return source === 'any' ? value : toText(value);
    case 'message':
      return typeof value === 'string' ? asMessage(value) : value;
    case 'messages':
      return toMessages(value);
    default:
      return value;
  }
}

function toMessages(value: unknown): unknown {
  if (typeof value === 'string') return [asMessage(value)];
  return typeof value === 'object' && !Array.isArray(value) ? [value] : value;
}
