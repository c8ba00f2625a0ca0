import { expect, test } from 'vitest';
import type { StoredMessage } from './chat-port.ts';
import { openRun, questionBefore, turnsOf, withOlder } from './turn.ts';

const message = (id: string, more: Partial<StoredMessage> = {}): StoredMessage => ({
  id,
  role: 'user',
  text: `text ${id}`,
  timestamp: '2026-11-22T12:00:00.000Z',
  execution_id: 'run-1',
  error_code: null,
  attachments: [],
  ...more,
});
const reply = (id: string, more: Partial<StoredMessage> = {}) => message(id, { role: 'assistant', ...more });

test('what one run said is one reply', () => {
  const turns = turnsOf([
    message('1'),
    reply('2'),
    reply('3'),
    message('4'),
    reply('5', { execution_id: 'run-2' }),
  ]);
  expect(turns.map((turn) => turn.kind)).toEqual(['question', 'reply', 'question', 'reply']);
  expect(turns[1]).toMatchObject({ id: '2', texts: ['text 2', 'text 3'] });
});

test('a reply that lies on two pages is one', () => {
  const older = turnsOf([message('1'), reply('2')]);
  const turns = withOlder(older, turnsOf([reply('3'), message('4')]));
  expect(turns).toHaveLength(3);
  expect(turns[1]).toMatchObject({ id: '2', texts: ['text 2', 'text 3'] });
});

test('replies of unknown runs are not taken for one', () => {
  const none = { execution_id: null };
  expect(turnsOf([reply('1', none), reply('2', none)])).toHaveLength(2);
  expect(withOlder(turnsOf([reply('1', none)]), turnsOf([reply('2', none)]))).toHaveLength(2);
});

test('a question nothing was said to is still being answered', () => {
  expect(openRun(turnsOf([message('1')]))).toBe('run-1');
  expect(openRun(turnsOf([message('1'), reply('2')]))).toBeNull();
  expect(openRun([])).toBeNull();
});

test('a reply knows its question', () => {
  const turns = turnsOf([message('1'), reply('2'), message('3', { execution_id: 'run-2' })]);
  expect(questionBefore(turns, '2')?.id).toBe('1');
});

test('why there is no answer is kept', () => {
  const [, failed] = turnsOf([message('1'), reply('2', { error_code: 'budget_exceeded' })]);
  expect(failed).toMatchObject({ errorCode: 'budget_exceeded', texts: ['text 2'] });
});
