import { expect, test } from 'vitest';
import { eventReader, type StreamEvent } from './event-stream.ts';
import { messageOf } from './visitor-port.ts';

function read(...chunks: string[]): StreamEvent[] {
  const events: StreamEvent[] = [];
  const take = eventReader((event) => events.push(event));
  for (const chunk of chunks) take(chunk);
  return events;
}

test('events are read wherever the stream is cut', () => {
  const whole = 'id: 3\nevent: delta\ndata: {"text":"a: b"}\n\n: still here\n\nevent: end\ndata: {}\n\n';
  const events = [
    { id: '3', type: 'delta', data: '{"text":"a: b"}' },
    { id: '3', type: 'end', data: '{}' },
  ];
  expect(read(whole)).toEqual(events);
  expect(read(...whole)).toEqual(events);
  expect(read(whole.replaceAll('\n', '\r\n'))).toEqual(events);
});

test('an event that is not complete is not told of', () => {
  expect(read('event: delta\ndata: {}\n')).toEqual([]);
});

test('events become messages, and what is none of ours is left out', () => {
  const event = (type: string, data: string): StreamEvent => ({ id: null, type, data });
  expect(messageOf(event('end', '{"status":"failed","text":"Sorry."}'))).toEqual({
    type: 'execution_failed',
    data: { error: 'Sorry.' },
  });
  expect(messageOf(event('delta', 'nonsense'))).toBeNull();
  expect(messageOf(event('other', '{}'))).toBeNull();
});
