import { expect, test } from 'vitest';
import { z } from 'zod';
import { MODEL, part, resumedWith, type Said, type Stage, stage } from '#domain/agent/agent-fixture.ts';
import { type Outcome, type Resumed, StepError } from '#domain/node/executor.ts';
import { refusalsOf } from '#domain/node/step-fixture.ts';
import { toolFunction } from '#domain/node/tool.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const look = toolFunction({ name: 'look', description: 'Looks.', parameters: z.object({ at: z.string() }) });

function run(on: Stage, config: Record<string, unknown>, resumed: Resumed | null = null): Promise<Outcome> {
  const input = {
    inputs: { messages: 'Compare the offers.' },
    config: definition.config.parse(config),
    parts: { ...MODEL, tools: [part('t', 'tool')] },
    trigger: {},
    nodes: {},
    loop: null,
    resumed,
    idempotencyKey: 'k',
    attempt: 1,
    signal: new AbortController().signal,
  };
  return Promise.resolve(execute(input, on.capabilities));
}

const told = (on: Stage, request = -1): string[] =>
  (on.requests.at(request)?.messages ?? []).flatMap((one) => (one.role === 'tool' ? one.content : []));
const call = (name: string, args: Record<string, string>): Said => ({ calls: [[name, args]] });

test('keeps a to-do list that the run shows', async () => {
  const todos = [
    { content: 'Read', status: 'completed' },
    { content: 'Write', status: 'in_progress' },
  ];
  const says: Said[] = [{ calls: [['write_todos', { todos }]] }, 'Done.'];
  const on = stage({ says });
  expect(await run(on, { enable_todos: true })).toMatchObject({ kind: 'done', outputs: { output: 'Done.' } });
  expect(on.recorded.get('plan:1:0')).toMatchObject({
    call: { kind: 'plan', title: 'To-do list' },
    result: { todos },
  });
  expect(told(on)[0]).toContain('1 of 2 done');
  expect(on.requests[0]?.messages[0]?.content).toContain('write_todos');
});

test('refuses a list that is none, and goes on', async () => {
  const on = stage({ says: [{ calls: [['write_todos', { todos: 'everything' }]] }, 'Done.'] });
  await run(on, { enable_todos: true });
  expect(told(on)[0]).toMatch(/^<tool_error[^]*do not fit/);
});

test('writes, changes and reads files that nobody else sees', async () => {
  const says: Said[] = [
    call('write_file', { path: 'a.md', content: 'one\ntwo\nthree' }),
    call('edit_file', { path: 'a.md', old_text: 'two', new_text: 'TWO' }),
    {
      calls: [
        ['read_file', { path: 'a.md', from: 2, lines: 1 }],
        ['list_files', {}],
        ['read_file', { path: '/etc/passwd' }],
        ['edit_file', { path: 'a.md', old_text: 'nine', new_text: '' }],
      ],
    },
    'Done.',
  ];
  const on = stage({ says });
  await run(on, { enable_filesystem: true });
  const [, , line, list, absent, wrong] = told(on);
  expect(line).toContain('TWO\n(1 more lines)');
  expect(list).toContain('a.md (13 characters)');
  expect(absent).toContain('There is no file “/etc/passwd”');
  expect(wrong).toContain('That text is not in the file');
});

test('has its files again when it begins anew', async () => {
  const write = call('write_file', { path: 'a.md', content: 'kept' });
  const first = stage({ says: [write, new Error('crash')] });
  await expect(run(first, { enable_filesystem: true })).rejects.toThrow('crash');
  const second = stage({ says: [call('read_file', { path: 'a.md' }), 'Done.'] });
  for (const [key, entry] of first.recorded) second.recorded.set(key, entry);
  await run(second, { enable_filesystem: true });
  expect(told(second).at(-1)).toContain('kept');
});

const team = {
  subagents: [
    { name: 'reader', description: 'Reads.', system_prompt: 'You read.', model: 'small' },
    { name: 'writer', description: 'Writes.', system_prompt: 'You write.' },
  ],
};

test('hands work to sub-agents, each with a conversation and perhaps a model of its own', async () => {
  const says: Said[] = [
    call('ask_subagent', { name: 'reader', task: 'Read offer 1.' }),
    call('look', { at: 'offer 1' }),
    'It costs 5.',
    'Offer 1 costs 5.',
  ];
  const on = stage({ says, functions: [look] });
  expect(await run(on, team)).toMatchObject({ outputs: { output: 'Offer 1 costs 5.' } });
  const [, asked] = on.requests;
  expect(asked?.choice.model).toBe('small');
  expect(asked?.messages[0]?.content).toContain('You read.');
  expect(asked?.messages.slice(1)).toEqual([{ role: 'user', content: 'Read offer 1.' }]);
  expect(told(on)).toEqual(['<tool_result name="ask_subagent">\nIt costs 5.\n</tool_result>']);
  expect([...on.recorded.keys()]).toEqual([
    'turn:1',
    '1:0/turn:1',
    'tool:1:0/1:0',
    '1:0/turn:2',
    'agent:1:0',
    'turn:2',
  ]);
  // Only the agent itself is heard.
  expect(on.said).toEqual(['Offer 1 costs 5.']);
});

test('lets sub-agents ask each other, three deep and no deeper', async () => {
  const deeper = call('ask_subagent', { name: 'writer', task: 'Go on.' });
  const on = stage({ says: [deeper, deeper, deeper, 'At the bottom.', '2', '1', '0'] });
  expect(await run(on, team)).toMatchObject({ outputs: { output: '0' } });
  const offered = on.requests.map(({ tools }) => (tools ?? []).some(({ name }) => name === 'ask_subagent'));
  expect(offered).toEqual([true, true, true, false, true, true, true]);
});

test('counts the steps of sub-agents as its own', async () => {
  const ask = call('ask_subagent', { name: 'writer', task: 'Go on.' });
  const on = stage({
    says: [ask, call('look', { at: 'x' }), call('look', { at: 'y' }), 'never'],
    functions: [look],
  });
  await expect(run(on, { ...team, max_steps: 3 })).rejects.toMatchObject({ code: 'agent_loop_limit' });
  expect(on.requests).toHaveLength(3);
});

test('asks so many sub-agents and no more, however many each of them asks', async () => {
  const asks = Array.from(
    { length: 11 },
    (_, n) => ['ask_subagent', { name: 'reader', task: `Part ${n}.` }] as const,
  );
  // The agent asks eleven, and each of those asks eleven more.
  const says: Said[] = Array.from({ length: 400 }, (_, turn) => (turn < 12 ? { calls: asks } : 'Done.'));
  const on = stage({ says });
  await run(on, { ...team, max_steps: 200, max_tool_calls: 500 });
  const agents = [...on.recorded.values()].filter(({ call: { key } }) => key.includes('agent:'));
  expect(agents).toHaveLength(11 + 11 * 11);
  const refused = agents.filter(({ result }) => (result as { isError: boolean }).isError);
  expect(agents.length - refused.length).toBe(100);
  expect(JSON.stringify(refused[0]?.result)).toContain('Do the work yourself');
});

test('counts the sub-agents it has asked before it began anew, and those they have asked', async () => {
  const asks = (count: number): Said => ({
    calls: Array.from({ length: count }, (_, n) => ['ask_subagent', { name: 'reader', task: `Part ${n}.` }]),
  });
  // Eleven, which ask eight more each: 99 in all.
  const says: Said[] = Array.from({ length: 111 }, (_, at) => {
    if (at === 0) return asks(11);
    return at < 12 ? asks(8) : 'Done.';
  });
  const bounds = { ...team, max_steps: 200, max_tool_calls: 500 };
  const first = stage({ says: [...says, new Error('crash')] });
  await expect(run(first, bounds)).rejects.toThrow('crash');
  const second = stage({ says: [asks(3), 'Done.', 'Done.', 'Done.', 'Done.'] });
  for (const [key, entry] of first.recorded) second.recorded.set(key, entry);
  await run(second, bounds);
  const late = [0, 1, 2].map((at) => second.recorded.get(`agent:2:${at}`)?.result);
  expect(late.filter((one) => (one as { isError: boolean }).isError)).toHaveLength(2);
});

test('waits with a sub-agent whose tool waits', async () => {
  const says: Said[] = [
    call('ask_subagent', { name: 'writer', task: 'Look.' }),
    call('look', { at: 'x' }),
    'Seen.',
    'All is seen.',
  ];
  const on = stage({
    says,
    functions: [look],
    tool: ({ resumed }) =>
      resumed ? { kind: 'done', result: resumed.signals } : { kind: 'suspend', sources: ['s'], until: null },
  });
  const waiting = await run(on, team);
  expect(waiting).toMatchObject({ kind: 'suspend', sources: ['s'] });
  expect(await run(on, team, resumedWith(waiting, { s: 'it came' }))).toMatchObject({
    outputs: { output: 'All is seen.' },
  });
  expect(on.requests).toHaveLength(4);
  expect(told(on, 2)[0]).toContain('it came');
});

test('wants sub-agents that can be called', () => {
  expect(refusalsOf(definition, { subagents: [{ name: 'not so' }] })).toEqual([
    ['subagents.0.name', 'The name of a sub-agent has letters, digits, _ and -.'],
  ]);
});

test('has the files of a sub-agent that was done when it begins anew', async () => {
  const config = { ...team, enable_filesystem: true };
  const says: Said[] = [
    call('ask_subagent', { name: 'reader', task: 'Write down offer 1.' }),
    call('ask_subagent', { name: 'writer', task: 'Write it down.' }),
    call('write_file', { path: 'offer.md', content: 'It costs 5.' }),
    call('edit_file', { path: 'offer.md', old_text: '5', new_text: '6' }),
    'Written down by the writer.',
    'Written down.',
    new Error('crash'),
  ];
  const first = stage({ says });
  await expect(run(first, config)).rejects.toThrow('crash');
  const second = stage({ says: [call('read_file', { path: 'offer.md' }), 'Done.'] });
  for (const [key, entry] of first.recorded) second.recorded.set(key, entry);
  await run(second, config);
  expect(told(second).at(-1)).toContain('It costs 6.');
});

test('lets the other calls of an answer come to their end before one of them ends the step', async () => {
  const go = Promise.withResolvers<void>();
  const says: Said[] = [
    {
      calls: [
        ['ask_subagent', { name: 'reader', task: 'Read.' }],
        ['look', { at: 'offer 1' }],
      ],
    },
    new StepError('model_unreachable', 'The model is away.'),
  ];
  const on = stage({
    says,
    functions: [look],
    tool: async () => {
      await go.promise;
      return { kind: 'done', result: 'seen' };
    },
  });
  const ended = run(on, team).catch((error: unknown) => error);
  setImmediate(() => go.resolve());
  expect(await ended).toMatchObject({ code: 'model_unreachable' });
  expect(on.recorded.has('tool:1:1')).toBe(true);
});

test('says that nothing more is being written when the model breaks off', async () => {
  const on = stage({
    says: [],
    more: {
      model: async ({ onDelta }) => {
        onDelta?.({ kind: 'text', text: 'Half' });
        throw new StepError('model_broken_stream', 'It broke off.');
      },
    },
  });
  await expect(run(on, {})).rejects.toThrow('broke off');
  expect(on.pieces.map(({ kind }) => kind)).toEqual(['restart', 'text', 'end']);
});
