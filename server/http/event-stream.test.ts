import { expect, it } from 'vitest';
import type { ChatStreamEvent } from '#contract/chat-stream.ts';
import { EventStream } from './event-stream.ts';

const delta = (text: string): ChatStreamEvent => ({
  type: 'delta',
  node_id: 'a',
  turn: 1,
  kind: 'text',
  text,
});
const message = (text: string): ChatStreamEvent => ({ type: 'message', node_id: 'a', text });

/** Everything that is left to read, up to the end. */
async function rest(stream: EventStream): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stream.body) text += decoder.decode(chunk, { stream: true });
  return text;
}

it('keeps no more than it may for a reader who does not read: words are lost, events wait', async () => {
  const stream = new EventStream(() => undefined);
  for (let n = 0; n < 10_000; n += 1) stream.delta(delta('x'.repeat(1000)));
  let isThrough = false;
  const sent = stream.event(message('whole'), 7).then(() => {
    isThrough = true;
  });
  // Nothing but reading lets the writer of this one stream go on; nobody else waits for it.
  await new Promise((turn) => setImmediate(turn));
  expect(isThrough).toBe(false);
  const reading = rest(stream);
  await sent;
  await stream.event(
    { type: 'end', status: 'completed', text: 'whole', message_id: '1', error_code: null },
    8,
  );
  stream.end();
  const text = await reading;
  expect(text.length).toBeLessThan(300 * 1024);
  expect(text).toContain('id: 7\nevent: message\n');
  expect(text).toMatch(/id: 8\nevent: end\ndata: .+\n\n$/);
});

it('lets a writer go whose reader has gone', async () => {
  let ends = 0;
  const stream = new EventStream(() => {
    ends += 1;
  });
  for (let n = 0; n < 1000; n += 1) stream.delta(delta('x'.repeat(1000)));
  const waiting = stream.event(message('whole'), 1);
  await stream.body.cancel();
  await waiting;
  expect([stream.signal.aborted, ends]).toEqual([true, 1]);
  stream.end();
  expect(ends).toBe(1);
});
