import { describe, expect, it } from 'vitest';
import { graphOf, renderReferences } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { execute as reply_chat } from '../reply_chat/executor.ts';
import { execute as set } from '../set/executor.ts';

const picture = {
  filename: 'a.png',
  mime_type: 'image/png',
  size_bytes: 3,
  url: 'data:image/png;base64,AAAA',
};
const notes = { filename: 'a.txt', mime_type: 'text/plain', size_bytes: 3, url: '' };
const run = (trigger: string, payload: unknown, reply: object = {}) =>
  runFlow({
    graph: graphOf(
      {
        chat: { type: trigger },
        say: { type: 'reply_chat', config: { message: 'You said {{ chat.text }}', ...reply } },
        later: { type: 'set', config: { mode: 'text', text: 'after {{ say.output }}' } },
      },
      ['chat.text > say.input', 'say.output > later.input'],
    ),
    payload,
    definitionOf,
    executors: { set, reply_chat },
    render: renderReferences,
  });

describe('trigger_chat', () => {
  it('gives text, files and both as one message', async () => {
    const { steps } = await run('trigger_chat', { text: 'Look', files: [picture, notes] });
    expect(steps['chat']?.outputs).toEqual({
      text: 'Look',
      files: [picture, notes],
      payload: { text: 'Look', files: [picture, notes] },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image', url: picture.url, media_type: 'image/png' },
          ],
        },
      ],
    });
  });

  it.each([{ text: 'Hi' }, { text: 'Hi', files: 'none' }, { text: 'Hi', files: [null, 5, { url: 3 }] }])(
    'is plain text without pictures: %j',
    async (payload) => {
      const { steps } = await run('trigger_chat', payload);
      expect(steps['chat']?.outputs?.['messages']).toEqual([{ role: 'user', content: 'Hi' }]);
    },
  );

  it('says nothing where nothing was said', async () => {
    const { steps } = await run('trigger_chat', null, { message: 'Hello' });
    expect(steps['chat']?.outputs).toMatchObject({ text: '', files: [], payload: null });
  });
});

describe('trigger_telegram', () => {
  it.each([
    ['-100200300', -100_200_300],
    [42, 42],
    ['@channel', null],
    [undefined, null],
  ])('gives the chat %j as the number %j', async (chat_id, number) => {
    const { steps } = await run('trigger_telegram', { text: 'Hi', chat_id, message_id: '1' });
    expect(steps['chat']?.outputs).toMatchObject({ text: 'Hi', chat_id: number, files: [] });
    expect(steps['chat']?.outputs?.['payload']).toMatchObject({ message_id: '1' });
  });
});

describe('reply_chat', () => {
  it('sets what the run gives back, and lets it go on', async () => {
    const result = await run('trigger_chat', { text: 'Hi' });
    expect(result.output).toEqual({ output: 'You said Hi' });
    expect(result.steps['later']?.outputs).toEqual({ output: 'after You said Hi' });
  });

  it('says what arrives where no message is set', async () => {
    expect((await run('trigger_chat', { text: 'Hi' }, { message: '' })).output).toEqual({ output: 'Hi' });
  });

  it('fails where there is nothing to say', async () => {
    const result = await run('trigger_chat', { text: '' }, { message: '' });
    expect(result.error).toMatchObject({ code: 'nothing_to_say', node: 'say' });
  });
});
