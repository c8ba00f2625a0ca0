import { describe, expect, test } from 'vitest';
import { resumedWith, type Said, stage } from '#domain/agent/agent-fixture.ts';
import { CALLS, look, outputOf, run, toolMessages } from './agent-step-fixture.ts';

const drop = { ...look, name: 'drop', destructive: true };

describe('tools that wait', () => {
  const waitFor = (source: string, until: number | null = null, kept: unknown = null) =>
    ({ kind: 'suspend', sources: [source], until, kept }) as const;

  test('hold the agent up together, one after the other, and are told what came', async () => {
    const on = stage({
      says: [CALLS, { calls: [['look', { at: 'c' }]] }, 'Done.'],
      functions: [look],
      tool: ({ args, resumed, key }) => {
        const { at } = args as { at: string };
        if (at === 'b') return { kind: 'done', result: 'b at once' };
        if (!resumed) return waitFor(`signal:${key}`, null, { at });
        return { kind: 'done', result: { told: resumed.signals, kept: resumed.kept } };
      },
    });
    const first = await run(on);
    expect(first).toMatchObject({ kind: 'suspend', sources: ['signal:1:0'], until: null, human: false });
    const second = await run(on, { resumed: resumedWith(first, { 'signal:1:0': 'one' }) });
    expect(second).toMatchObject({ kind: 'suspend', sources: ['signal:2:0'] });
    const told = { 'signal:1:0': 'one', 'signal:2:0': 'two' };
    expect(await outputOf(on, { resumed: resumedWith(second, told) })).toBe('Done.');
    expect(on.requests).toHaveLength(3);
    expect(on.made.filter((one) => one.includes('"b"'))).toHaveLength(1);
    expect(toolMessages(on)[0]).toContain('{"told":{"signal:1:0":"one"},"kept":{"at":"a"}}');
    expect(toolMessages(on)[2]).toContain('{"told":{"signal:2:0":"two"},"kept":{"at":"c"}}');
  });

  test('that are late are told so, and the others wait on', async () => {
    const on = stage({
      says: [CALLS, 'Done.'],
      functions: [look],
      tool: ({ args, resumed }) => {
        const { at } = args as { at: string };
        if (!resumed) return waitFor(at, at === 'a' ? 1_000 : null);
        return { kind: 'done', result: resumed.timedOut ? 'late' : resumed.signals };
      },
    });
    const first = await run(on);
    expect(first).toMatchObject({ kind: 'suspend', sources: ['a', 'b'], until: 1_000 });
    const late = { ...resumedWith(first, {}), timedOut: true };
    const second = await run(on, { resumed: late });
    expect(second).toMatchObject({ kind: 'suspend', sources: ['b'], until: null });
    expect(await outputOf(on, { resumed: resumedWith(second, { b: 'here' }) })).toBe('Done.');
    expect(toolMessages(on)[0]).toContain('late');
    expect(toolMessages(on)[1]).toContain('{"b":"here"}');
  });
});

describe('a person', () => {
  const asking = (says: readonly Said[]) => {
    const asked: (string | undefined)[] = [];
    const on = stage({
      says,
      functions: [look, drop],
      more: {
        askApproval: async ({ call }) => {
          asked.push(call);
          return { source: `approval:${call}`, links: [] };
        },
      },
    });
    return { on, asked };
  };
  const both: Said = {
    calls: [
      ['look', { at: 'a' }],
      ['drop', { at: 'b' }],
    ],
  };
  const answer = (confirmed: boolean, response = '') => ({ 'approval:ask:1:1': { confirmed, response } });

  test('is asked before something is destroyed, and only then', async () => {
    const { on, asked } = asking([both, 'Done.']);
    const own = { config: { ask_before: 'destructive' } };
    const waiting = await run(on, own);
    expect(waiting).toMatchObject({ kind: 'suspend', human: true, sources: ['approval:ask:1:1'] });
    expect(asked).toEqual(['ask:1:1']);
    expect(on.made).toEqual(['look {"at":"a"}']);
    expect(await outputOf(on, { ...own, resumed: resumedWith(waiting, answer(true)) })).toBe('Done.');
    expect(on.made).toEqual(['look {"at":"a"}', 'drop {"at":"b"}']);
    expect(asked).toHaveLength(1);
  });

  test('who refuses is heard: the call is not made, the model is told', async () => {
    const { on } = asking([both, 'I leave it.']);
    const own = { config: { ask_before: 'destructive' } };
    const waiting = await run(on, own);
    const resumed = resumedWith(waiting, answer(false, 'Not that one.'));
    expect(await outputOf(on, { ...own, resumed })).toBe('I leave it.');
    expect(on.made).toEqual(['look {"at":"a"}']);
    expect(toolMessages(on)[1]).toContain('Not that one.');
  });

  test('is asked before every call, or before none', async () => {
    const always = asking([both, 'Done.']);
    expect(await run(always.on, { config: { ask_before: 'always' } })).toMatchObject({
      sources: ['approval:ask:1:0', 'approval:ask:1:1'],
    });
    const never = asking([both, 'Done.']);
    expect(await outputOf(never.on)).toBe('Done.');
    expect(never.asked).toEqual([]);
  });
});
