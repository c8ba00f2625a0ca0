import type { AnswerMessage } from './answer.ts';

/** Reads the words of an answer from a stream of events. @returns the function that ends it */
export function deltasOf(address: string, onMessage: (message: AnswerMessage) => void): () => void {
  const source = new EventSource(address);
  source.addEventListener('delta', (event) => {
    const data = recordIn(event.data);
    if (data) onMessage({ type: 'chat_delta', data });
  });
  // The server ends the stream with the run; the browser would open it again.
  source.addEventListener('end', () => source.close());
  return () => source.close();
}

/** The object in the data of an event; null when there is none. */
export function recordIn(data: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof data !== 'string') return null;
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
