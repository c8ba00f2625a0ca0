import { expect, it } from 'vitest';
import { type CodeRequest, StepError } from '#domain/node/executor.ts';
import { outputsOf } from '#domain/node/step-fixture.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const asked: CodeRequest[] = [];
const run = (
  config: Record<string, unknown>,
  code: unknown,
  answer: () => { value: unknown; logs: string[] } = () => ({ value: 42, logs: ['a', 'b'] }),
) =>
  outputsOf(definition, execute, {
    config,
    inputs: { code },
    capabilities: {
      code: async (request) => {
        asked.push(request);
        return answer();
      },
    },
  });
const failing = (code: string) => () => {
  throw new StepError(code, 'Why.', { permanent: true });
};

it('runs what arrives, with nothing of the run in reach', async () => {
  expect(await run({ timeout_seconds: 7 }, 'return 42')).toEqual({
    output: 42,
    result: { output: 42, stdout: 'a\nb', error: null },
  });
  expect(asked.at(-1)).toMatchObject({
    language: 'python',
    source: 'return 42',
    globals: {},
    timeoutMs: 7000,
  });
  await run({ code: 'form', language: 'javascript' }, 'input');
  expect(asked.at(-1)).toMatchObject({ language: 'javascript', source: 'form' });
});

it.each([['code_error'], ['code_timeout'], ['code_memory'], ['output_too_large']])(
  'tells of %s instead of failing',
  async (code) => {
    expect(await run({}, 'x', failing(code))).toEqual({
      output: null,
      result: { output: null, stdout: '', error: { code, message: 'Why.' } },
    });
  },
);

it('fails for what the code is not to blame for', async () => {
  await expect(run({}, 'x', failing('aborted'))).rejects.toMatchObject({ code: 'aborted' });
  await expect(run({}, ' ')).rejects.toMatchObject({ code: 'missing_value' });
});

it('keeps the beginning and the end of a long output', async () => {
  const { result } = await run({}, 'x', () => ({ value: null, logs: [`${'a'.repeat(60_000)}z`] }));
  const { stdout } = result as { stdout: string };
  expect(stdout.length).toBeLessThan(51_000);
  expect(stdout).toContain('10001 characters left out');
  expect(stdout.endsWith('z')).toBe(true);
});

it('offers no tool where it has code of its own', () => {
  expect(definition.tool?.(definition.config.parse({}))).toHaveLength(1);
  expect(definition.tool?.(definition.config.parse({ code: 'x' }))).toEqual([]);
});
