import { expect, test } from 'vitest';
import type { ModelDelta } from '#domain/model/model.ts';
import { Redactor } from '#server/redaction/redactor.ts';
import { DeltaSink } from './delta-sink.ts';

const SECRET = 'sk-0123456789abcdef';

function sinkOf(secrets: readonly string[]) {
  const deltas: ModelDelta[] = [];
  const sink = new DeltaSink((delta) => void deltas.push(delta));
  sink.begin(new Redactor().note(secrets));
  return { sink, deltas };
}
const shown = (deltas: readonly ModelDelta[]): string =>
  deltas.map((delta) => (delta.kind === 'restart' ? '|' : delta.text)).join('');

test.each(Array.from({ length: SECRET.length + 2 }, (_, at) => at))(
  'a secret cut into pieces after %d characters is not handed on',
  (at) => {
    const { sink, deltas } = sinkOf([SECRET]);
    const text = `<${SECRET}>`;
    for (const piece of [text.slice(0, at), text.slice(at)]) sink.push({ kind: 'text', text: piece });
    sink.flush();
    expect(shown(deltas)).toBe('<[redacted]>');
  },
);

test('what only looks like the beginning of a secret is handed on once that is clear', () => {
  const { sink, deltas } = sinkOf([SECRET]);
  sink.push({ kind: 'text', text: 'tasks' });
  expect(shown(deltas)).toBe('task');
  sink.push({ kind: 'text', text: 'k-01' });
  expect(shown(deltas)).toBe('tasks'.slice(0, 4));
  sink.push({ kind: 'text', text: ' is it' });
  expect(shown(deltas)).toBe('tasksk-01 is it');
  sink.push({ kind: 'text', text: ' s' });
  sink.flush();
  expect(shown(deltas)).toBe('tasksk-01 is it s');
});

test('beginning anew is said once, and only where something came', () => {
  const { sink, deltas } = sinkOf([]);
  sink.restart();
  sink.push({ kind: 'reasoning', text: 'hm' });
  sink.restart();
  sink.restart();
  sink.push({ kind: 'text', text: 'a' });
  expect(deltas.map(({ kind }) => kind)).toEqual(['reasoning', 'restart', 'text']);
});
