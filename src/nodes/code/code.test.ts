import { expect, it } from 'vitest';
import { type CodeRequest, StepError } from '#domain/node/executor.ts';
import { graphOf, renderReferences, runStep, stepOutputs } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

it('gives the code its names and hands on what it returns', async () => {
  const asked: CodeRequest[] = [];
  const lines: string[] = [];
  const outcome = await runStep(definition, execute, {
    config: { code: 'return input.n + 1;', language: 'javascript', timeout_ms: 500 },
    inputs: { input: { n: 1 } },
    trigger: { text: 'hi' },
    nodes: { other: { output: 3 } },
    capabilities: {
      code: (request) => {
        asked.push(request);
        return Promise.resolve({ value: 2, logs: ['first', 'second'] });
      },
      log: (line) => lines.push(line),
    },
  });
  expect(outcome).toEqual({ kind: 'done', outputs: { output: 2 } });
  expect(lines).toEqual(['first', 'second']);
  expect(asked).toEqual([
    {
      language: 'javascript',
      source: 'return input.n + 1;',
      globals: {
        input: { n: 1 },
        inputs: { input: { n: 1 } },
        trigger: { text: 'hi' },
        nodes: { other: { output: 3 } },
        loop: null,
      },
      timeoutMs: 500,
      memoryMb: 64,
    },
  ]);
});

it('gives null when the code returns nothing', async () => {
  const code = () => Promise.resolve({ value: undefined, logs: [] });
  const outputs = await stepOutputs(definition, execute, { config: { code: ';' }, capabilities: { code } });
  expect(outputs).toEqual({ output: null });
});

it('takes a config that names no language for Python', () => {
  expect(definition.config.parse({ code: 'return 1' }).language).toBe('python');
});

it.each([{}, { code: '' }, { code: ';', language: 'cobol' }, { code: ';', timeout_ms: 60_001 }])(
  'refuses the config %j',
  (config) => {
    expect(definition.config.safeParse(config).success).toBe(false);
  },
);

it('flow: braces in the code stay code, and a failure leaves by the error port', async () => {
  const graph = graphOf(
    {
      start: { type: 'trigger_manual' },
      good: { type: 'code', config: { code: 'return "{{ trigger.text }}";' } },
      bad: { type: 'code', config: { code: 'throw 1' }, settings: { onError: 'route' } },
      after: { type: 'code', config: { code: 'return input.message' } },
    },
    ['start.payload > good.input', 'good.output > bad.input', 'bad.error > after.input'],
  );
  const code = async ({ source, globals }: CodeRequest) => {
    if (source.startsWith('throw')) throw new StepError('code_error', 'Line 1: 1');
    return { value: source.includes('{{') ? source : globals['input'], logs: [] };
  };
  const result = await runFlow({
    graph,
    payload: { text: 'x' },
    definitionOf,
    executors: { code: execute },
    capabilities: { code },
    render: renderReferences,
  });
  expect(result.status).toBe('completed');
  expect(result.steps['good']?.outputs).toEqual({ output: 'return "{{ trigger.text }}";' });
  expect(result.steps['after']?.outputs).toEqual({
    output: { message: 'Line 1: 1', code: 'code_error', node: 'bad' },
  });
});
