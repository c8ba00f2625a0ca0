import { Buffer } from 'node:buffer';
import { memoryText, plainFault } from '../fault.ts';
import { MAX_DATA_BYTES } from '../limit.ts';
import type { CodeReply } from '../protocol.ts';

interface Asked {
  source: string;
  memoryMb: number;
}

/** Turns what the prelude's `_run` gave back into the reply. The log is carried apart. */
export function replyOf(text: string, { source, memoryMb }: Asked): CodeReply {
  const rest = text.slice(1);
  if (!text.startsWith('v')) return faultReply(rest, { source, memoryMb });
  if (Buffer.byteLength(rest) > MAX_DATA_BYTES) {
    const words = 'The result is larger than 4 MiB. Return less, for example only the fields needed.';
    return { ok: false, ...plainFault('output_too_large', words), logs: [] };
  }
  return { ok: true, value: rest, logs: [] };
}

/** The reply when the interpreter itself broke. */
export function brokenReply(error: unknown, { memoryMb }: Asked): CodeReply {
  const text = String(error);
  if (/MemoryError/.test(text)) {
    return { ok: false, ...plainFault('code_memory', memoryText(memoryMb)), logs: [] };
  }
  const deep = error instanceof RangeError || /out of bounds|unreachable|indirect call|stack/i.test(text);
  const words = deep
    ? 'The code nested calls or data too deeply.'
    : 'The code broke the interpreter and was stopped.';
  return { ok: false, ...plainFault('code_error', words), logs: [] };
}

function faultReply(json: string, { source, memoryMb }: Asked): CodeReply {
  const found = JSON.parse(json) as { memory?: true; name?: string; message?: string; line?: number | null };
  if (found.memory) return { ok: false, ...plainFault('code_memory', memoryText(memoryMb)), logs: [] };
  const line = typeof found.line === 'number' ? Math.min(found.line, source.split('\n').length) : null;
  const words = [found.name, found.message].filter((part) => part !== undefined && part !== '').join(': ');
  const message = line === null ? words : `${words} (line ${line})`;
  return { ok: false, code: 'code_error', message, line, logs: [] };
}
