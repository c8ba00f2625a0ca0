import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten';
import type { CodeErrorCode } from './code-error.ts';
import type { CodeMessage } from './protocol.ts';

/** What went wrong inside the sandbox, ready to be posted. */
export interface Fault {
  code: CodeErrorCode;
  message: string;
  line: number | null;
}

export function plainFault(code: CodeErrorCode, message: string): Fault {
  return { code, message, line: null };
}

export function timeoutText(timeoutMs: number): string {
  return `The code ran longer than ${timeoutMs / 1000} s and was stopped. Do less work or raise the time limit of the node.`;
}

export function memoryText(memoryMb: number): string {
  return `The code needed more than ${memoryMb} MiB of memory. Work on less data at a time.`;
}

interface ThrownInside {
  context: QuickJSContext;
  /** The prelude's function that turns an error into JSON text. */
  describe: QuickJSHandle;
  error: QuickJSHandle;
  message: CodeMessage;
}

/** Puts what the code threw into words for its author, with the line where it happened. */
export function faultOf({ context, describe, error, message }: ThrownInside): Fault {
  const described = context.callFunction(describe, context.undefined, error);
  if (described.error) {
    described.error.dispose();
    // Not even describing it was possible: the memory is used up.
    return plainFault('code_memory', memoryText(message.memoryMb));
  }
  const text = described.value.consume((handle) => context.getString(handle));
  const thrown = parseDescription(text);
  if (/^out of memory$|invalid (array|string) length|string too long/.test(thrown.message)) {
    return plainFault('code_memory', memoryText(message.memoryMb));
  }
  const line = lineOf(thrown.stack, message.source);
  const words = /stack overflow/.test(thrown.message) ? 'too much recursion' : thrown.message;
  const named = thrown.name === '' ? words : `${thrown.name}: ${words}`;
  return { code: 'code_error', message: line === null ? named : `${named} (line ${line})`, line };
}

function parseDescription(text: string): { name: string; message: string; stack: string } {
  const value: unknown = JSON.parse(text);
  const field = (name: string): string => {
    const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : '';
    return typeof found === 'string' ? found : '';
  };
  return { name: field('name'), message: field('message'), stack: field('stack') };
}

/** The innermost line of the user's source on the stack. The wrapper's own lines count as the last one. */
function lineOf(stack: string, source: string): number | null {
  const found = /code\.js:(\d+)/.exec(stack);
  return found ? Math.min(Number(found[1]), source.split('\n').length) : null;
}
