import { expect, test } from 'vitest';
import type { Egress } from '#server/egress/client.ts';
import { promptOf } from './prompt.ts';

const nowhere: Egress = {
  request: () => Promise.reject(new Error('Nothing is asked for here.')),
  stream: () => Promise.reject(new Error('Nothing is asked for here.')),
  close: () => Promise.resolve(),
};
const { signal } = new AbortController();
const picture = (mebibytes: number) => ({
  type: 'image' as const,
  url: `data:image/png;base64,${'A'.repeat(mebibytes * 1024 * 1024)}`,
});
const asked = (...sizes: number[]) =>
  sizes.map((size) => ({
    role: 'user' as const,
    content: [picture(size), { type: 'text' as const, text: 'Look.' }],
  }));

test('takes pictures as long as there is room for them in the prompt, over all messages', async () => {
  const prompt = await promptOf(asked(30, 30), { provider: 'openai', egress: nowhere, signal });
  expect(prompt.map(({ content }) => content.length)).toEqual([2, 2]);
  await expect(
    promptOf(asked(30, 30, 10), { provider: 'openai', egress: nowhere, signal }),
  ).rejects.toMatchObject({
    code: 'model_bad_request',
    permanent: true,
    message: expect.stringContaining('48 MiB'),
  });
});
