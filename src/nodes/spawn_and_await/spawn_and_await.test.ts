import { describe, expect, it } from 'vitest';
import { type ChildRequest, StepError } from '#domain/node/executor.ts';
import { runStep } from '#domain/run/flow-fixture.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const started: ChildRequest[] = [];
const capabilities = {
  startRun: async (request: ChildRequest) => {
    if (request.workflow === 'gone') {
      throw new StepError('workflow_not_found', 'There is no “gone”.', { permanent: true });
    }
    started.push(request);
    return { source: `run:${request.index}`, executionId: `id-${request.index}` };
  },
};
const start = (config: Record<string, unknown>, tasks?: unknown) => {
  started.length = 0;
  return runStep(definition, execute, { config, inputs: { tasks }, capabilities });
};
const ended = (status: string, output: unknown = null, error: unknown = null) => ({
  execution_id: 'x',
  status,
  output,
  error,
});
const two = [
  { workflow_slug: 'a', input_text: 'hi' },
  { workflow_slug: 'b', input_data: { n: 1 } },
];

it('starts every task and waits for all of them', async () => {
  expect(await start({ tasks: two })).toMatchObject({
    kind: 'suspend',
    sources: ['run:0', 'run:1'],
    until: null,
    shown: { execution_ids: ['id-0', 'id-1'] },
  });
  expect(started).toEqual([
    { workflow: 'a', trigger: null, payload: { text: 'hi' }, index: 0 },
    { workflow: 'b', trigger: null, payload: { n: 1 }, index: 1 },
  ]);
});

it('takes the tasks that arrive before those of the form, and text that is JSON', async () => {
  await start({ tasks: two }, [{ workflow_slug: 'c' }]);
  expect(started.map((one) => one.workflow)).toEqual(['c']);
  await start({ tasks: JSON.stringify(two) });
  expect(started.map((one) => one.workflow)).toEqual(['a', 'b']);
});

it('has nothing to wait for without tasks', async () => {
  expect(await start({ tasks: [] })).toEqual({ kind: 'done', outputs: { results: [] } });
});

it.each([
  [{ workflow_slug: 'a' }, 'no list'],
  [[{ workflow_slug: 'a' }, { slug: 'b' }], 'number 2'],
  [Array.from({ length: 101 }, () => ({ workflow_slug: 'a' })), '100'],
])('refuses %j', async (tasks, why) => {
  await expect(start({}, tasks)).rejects.toMatchObject({
    code: 'bad_tasks',
    permanent: true,
    message: expect.stringContaining(why),
  });
  expect(started).toEqual([]);
});

describe('the results', () => {
  const go = async (on_error: string, tasks: unknown[], signals: Record<string, unknown>) => {
    const outcome = await start({ on_error }, tasks);
    const kept = outcome.kind === 'suspend' ? outcome.kept : null;
    return runStep(definition, execute, {
      config: { on_error },
      resumed: { timedOut: false, signals, kept },
    });
  };

  it('come in the order of the tasks', async () => {
    const signals = {
      'run:1': ended('completed', { output: 'B' }),
      'run:0': ended('completed', { node_outputs: { last: { out: 1 } } }),
    };
    expect(await go('fail', two, signals)).toEqual({
      kind: 'done',
      outputs: { results: [{ last: { out: 1 } }, 'B'] },
    });
  });

  const broken = ended('failed', null, { code: 'broken', message: 'no', node: 'n' });

  it('fail the step with the error of the first that failed', async () => {
    await expect(go('fail', two, { 'run:0': ended('completed'), 'run:1': broken })).rejects.toMatchObject({
      code: 'broken',
      message: expect.stringContaining('“b” failed'),
    });
    await expect(start({ on_error: 'fail' }, [{ workflow_slug: 'gone' }])).rejects.toMatchObject({
      code: 'workflow_not_found',
    });
  });

  it('say in their place what failed or could not be started', async () => {
    const tasks = [...two, { workflow_slug: 'gone' }];
    const outcome = await go('collect', tasks, {
      'run:0': broken,
      'run:1': ended('completed', { output: 1 }),
    });
    expect(outcome).toMatchObject({
      outputs: { results: [{ error: { code: 'broken' } }, 1, { error: { code: 'workflow_not_found' } }] },
    });
  });
});
