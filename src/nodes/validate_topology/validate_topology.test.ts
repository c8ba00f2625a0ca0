import { describe, expect, it } from 'vitest';
import type { WorkflowCheck } from '#domain/node/executor.ts';
import { outputsOf, portsText, refusalsOf, runChain } from '#domain/node/step-fixture.ts';
import { definitionOf } from '../definitions.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const asked: string[] = [];
const found: WorkflowCheck = {
  valid: false,
  errors: ['Nothing starts this workflow.'],
  warnings: ['Unused.'],
  nodeCount: 2,
  edgeCount: 1,
};
const capabilities = {
  checkWorkflow: async (text: string) => {
    asked.push(text);
    return found;
  },
};
const run = (config: Record<string, unknown>, input?: unknown) =>
  outputsOf(definition, execute, { config, inputs: { input }, capabilities });

describe('asking', () => {
  it('gives what was found, without failing for a wrong document', async () => {
    expect(await run({ document: 'nodes: []' })).toEqual({
      valid: false,
      output: {
        valid: false,
        errors: ['Nothing starts this workflow.'],
        warnings: ['Unused.'],
        node_count: 2,
        edge_count: 1,
      },
    });
  });

  it.each([
    [{ document: 'from: form' }, 'from: input', 'from: form'],
    [{}, 'from: input', 'from: input'],
    [{}, { nodes: [] }, '{"nodes":[]}'],
    [{ document: { nodes: [] } }, undefined, '{"nodes":[]}'],
  ])('asks about %j with %j', async (config, input, text) => {
    await run(config, input);
    expect(asked.at(-1)).toBe(text);
  });

  it.each([[undefined], [''], [' \n']])('refuses nothing: %j', async (input) => {
    await expect(run({}, input)).rejects.toMatchObject({ code: 'missing_value', permanent: true });
  });
});

it('takes any document and has its ports', () => {
  expect(refusalsOf(definition, { document: () => 1 })).toHaveLength(1);
  expect(portsText(definition)).toEqual([['input: any'], ['output: object', 'valid: boolean']]);
});

it('flow: checks a text of the trigger', async () => {
  const result = await runChain({
    definitionOf,
    executors: { validate_topology: execute },
    capabilities,
    chain: [{ type: 'validate_topology', from: 'text' }],
    payload: { text: 'nodes: 5' },
  });
  expect(asked.at(-1)).toBe('nodes: 5');
  expect(result.steps['n1']?.outputs).toMatchObject({ valid: false, output: { node_count: 2 } });
});
