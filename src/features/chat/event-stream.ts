/** One event of a text/event-stream. */
export interface StreamEvent {
  readonly id: string | null;
  readonly type: string;
  readonly data: string;
}

/** Takes a stream of events apart; what arrives may be cut anywhere. */
export function eventReader(onEvent: (event: StreamEvent) => void): (text: string) => void {
  let rest = '';
  let id: string | null = null;
  let type = 'message';
  let data: string[] = [];
  const line = (text: string): void => {
    if (text === '') {
      if (data.length > 0) onEvent({ id, type, data: data.join('\n') });
      type = 'message';
      data = [];
      return;
    }
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(text) ?? [];
    if (field === 'event') type = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id') id = value;
  };
  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const one of lines) line(one);
  };
}

export interface StreamRequest {
  readonly address: string;
  readonly headers: () => Readonly<Record<string, string>>;
  readonly onEvent: (event: StreamEvent) => void;
  /** The stream ended, or could not be had; it is asked for again unless this says no. */
  readonly onLost: () => Promise<boolean>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Reads a stream of events, and goes on where it broke off. Unlike the browser's own reader it can show a token.
 * @returns the function that ends it
 */
export function readStream(request: StreamRequest): () => void {
  const control = new AbortController();
  void keepReading(request, control.signal);
  return () => control.abort();
}

async function keepReading(request: StreamRequest, signal: AbortSignal): Promise<void> {
  let last: string | null = null;
  const reader = (): ((text: string) => void) =>
    eventReader((event) => {
      last = event.id ?? last;
      request.onEvent(event);
    });
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const resume = last === null ? {} : { 'last-event-id': last };
      const headers = { accept: 'text/event-stream', ...request.headers(), ...resume };
      const answer = await fetch(request.address, { headers, signal });
      if (answer.ok && answer.body) {
        await pump(answer.body, reader(), signal);
        failures = 0;
      }
    } catch {
      // Asked for again below.
    }
    if (signal.aborted || !(await request.onLost())) return;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function pump(
  body: ReadableStream<Uint8Array>,
  read: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  while (!signal.aborted) {
    const { done, value } = await reader.read();
    if (done) return;
    read(decoder.decode(value, { stream: true }));
  }
}
