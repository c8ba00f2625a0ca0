import { expect, it } from 'vitest';
import { definitionOf } from '#nodes/definitions.ts';
import { graphOf } from '../run/flow-fixture.ts';
import { validateGraph } from './validate.ts';

const nodes = {
  start: { type: 'trigger_manual' },
  set: { type: 'set', config: { mode: 'text', text: 'x' } },
  model: { type: 'ai_model', config: { llm_credential_id: 1, model_name: 'm' } },
  agent: { type: 'agent' },
  api: { type: 'http_request' },
};
const edges = ['start.payload > set.input', 'set.output > agent.messages', 'model.model > agent.model'];
const problems = (more: readonly string[]) =>
  validateGraph(graphOf(nodes, [...edges, ...more]), definitionOf).map(({ code, nodeId, field }) => [
    code,
    nodeId,
    field,
  ]);

it('a node that is only a tool may leave to the model what it fills in', () => {
  expect(problems(['api.tool > agent.tools'])).toEqual([]);
});

it('one that runs as a step as well may not', () => {
  expect(problems(['api.tool > agent.tools', 'start.payload > api.input'])).toEqual([
    ['config_invalid', 'api', 'url'],
  ]);
});

it('one that is connected to nothing may not either', () => {
  expect(problems([])).toEqual([
    ['unreachable', 'api', undefined],
    ['config_invalid', 'api', 'url'],
  ]);
});
