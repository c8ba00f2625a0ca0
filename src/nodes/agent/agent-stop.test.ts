import { describe, expect, test } from 'vitest';
import { type Said, stage } from '#domain/agent/agent-fixture.ts';
import { StepError } from '#domain/node/executor.ts';
import type { ToolOutcome } from '#domain/node/tool.ts';
import { CALLS, look, outputOf, run, toolMessages } from './agent-step-fixture.ts';

const again: Said = { text: 'I look once more.', calls: [['look', { at: 'a' }]] };
const quiet: Said = { calls: [['look', { at: 'a' }]] };
const many = (said: Said): Said[] => Array.from({ length: 9 }, () => said);

describe('an agent that is stopped says how far it was', () => {
  test('at the limit of its steps', async () => {
    const on = stage({ says: many(again), functions: [look] });
    await expect(run(on, { config: { max_steps: 3 } })).rejects.toMatchObject({
      code: 'agent_loop_limit',
      message: expect.stringMatching(
        /^The agent had no answer after 3 steps\..* The last it had said after it had called 3 tools: “I look once more\.”$/,
      ),
    });
  });

  test('at the limit of its tool calls', async () => {
    const on = stage({ says: many(quiet), functions: [look] });
    await expect(run(on, { config: { max_tool_calls: 1 } })).rejects.toMatchObject({
      code: 'agent_loop_limit',
      message: expect.stringMatching(
        /more than 1 tools.* It had said nothing yet after it had called one tool\.$/,
      ),
    });
  });

  test('in circles, with a sentence that says so', async () => {
    const on = stage({ says: many(again), functions: [look] });
    await expect(run(on)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^The agent went round in circles: the same call gave the same result 5 times\..*“I look once more\.”$/,
      ),
    });
    expect(on.made).toHaveLength(5);
  });

  test('when its time is up', async () => {
    let time = 0;
    const on = stage({ says: [again, 'Never.'], functions: [look], now: () => (time += 700) });
    await expect(run(on, { config: { max_wall_time: 1 } })).rejects.toMatchObject({
      code: 'agent_timeout',
      message: expect.stringMatching(/“I look once more\.”$/),
    });
  });

  test.each([
    ['budget_exceeded', true],
    ['agent_timeout', false],
  ])('at %s of the model', async (code, permanent) => {
    const stopped = new StepError(code, 'That is it.', { permanent });
    const on = stage({ says: [again, stopped], functions: [look] });
    await expect(run(on)).rejects.toMatchObject({
      code,
      permanent,
      message: 'That is it. The last it had said after it had called one tool: “I look once more.”',
    });
    const atOnce = stage({ says: [stopped] });
    await expect(run(atOnce)).rejects.toMatchObject({ message: 'That is it.' });
  });

  test('in short, whatever it has said', async () => {
    const on = stage({ says: [{ ...again, text: 'x'.repeat(9_000) }], functions: [look] });
    const error = await run(on, { config: { max_steps: 1 } }).catch((thrown: unknown) => thrown);
    expect(String(error).length).toBeLessThan(900);
  });

  test('but not what it had said in an earlier run', async () => {
    const on = stage({ says: [quiet], functions: [look] });
    on.remembered = [
      { role: 'user', content: 'Hello.' },
      { role: 'assistant', content: 'Long ago.' },
    ];
    const config = { max_steps: 1, conversation_memory: true };
    await expect(run(on, { config })).rejects.toMatchObject({
      message: expect.not.stringContaining('Long ago.'),
    });
  });
});

describe('two calls of one tool at the same time', () => {
  const failing = (fail: () => ToolOutcome) =>
    stage({
      says: [CALLS, 'Done.'],
      functions: [look],
      tool: ({ args }) => {
        const { at } = args as { at: string };
        return at === 'a' ? fail() : { kind: 'done', result: `${at} is here` };
      },
    });

  test('one of which fails: both are told, each to its call', async () => {
    const on = failing(() => ({ kind: 'done', result: { error: 'Broken.', code: 'x' }, isError: true }));
    expect(await outputOf(on)).toBe('Done.');
    expect(toolMessages(on)).toEqual([
      '<tool_error name="look">\nBroken.\n</tool_error>',
      '<tool_result name="look">\nb is here\n</tool_result>',
    ]);
  });

  test('one of which ends the step: the result of the other is kept and not asked for again', async () => {
    let isBroken = true;
    const on = failing(() => {
      if (isBroken) throw new StepError('run_lost', 'Another process has it.');
      return { kind: 'done', result: 'a is here' };
    });
    await expect(run(on)).rejects.toMatchObject({ code: 'run_lost' });
    isBroken = false;
    expect(await outputOf(on)).toBe('Done.');
    expect(on.made).toEqual(['look {"at":"a"}', 'look {"at":"b"}', 'look {"at":"a"}']);
    expect(toolMessages(on).map((one) => one.includes('is here'))).toEqual([true, true]);
  });
});
