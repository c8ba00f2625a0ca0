import { describe, expect, it } from 'vitest';
import { type Candidate, scoreOf } from './discover.ts';

const needs = (more: object = {}) => ({
  triggers: [],
  node_types: [],
  tools: [],
  tags: [],
  description: '',
  ...more,
});
const has = (more: Partial<Candidate> = {}): Candidate => ({
  tags: [],
  description: '',
  types: new Set(),
  successRate: null,
  ...more,
});

describe('the score of a workflow', () => {
  const types = new Set(['trigger_chat', 'agent', 'http_request']);
  it.each([
    [
      'everything',
      needs({ triggers: ['chat'], tools: ['http_request'] }),
      has({ types }),
      0.85,
      'fork_and_patch',
    ],
    [
      'and every run went well',
      needs({ node_types: ['agent'] }),
      has({ types, successRate: 1 }),
      0.9,
      'fork_and_patch',
    ],
    [
      'and the tags agree',
      needs({ node_types: ['agent'], tags: ['Web'] }),
      has({ types, successRate: 1, tags: ['web'] }),
      1,
      'reuse',
    ],
    [
      'half the tags',
      needs({ node_types: ['agent'], tags: ['a', 'b'] }),
      has({ types, tags: ['b', 'c'] }),
      0.883,
      'fork_and_patch',
    ],
    ['half of it', needs({ node_types: ['agent', 'csv'] }), has({ types }), 0.45, 'create_new'],
    [
      'half of it, reliably',
      needs({ node_types: ['agent', 'csv'] }),
      has({ types, successRate: 1 }),
      0.5,
      'fork_and_patch',
    ],
    [
      'words of its description',
      needs({ node_types: ['agent'], description: 'Sends' }),
      has({ types, description: 'It sends mail.' }),
      0.9,
      'fork_and_patch',
    ],
    ['nothing', needs({ node_types: ['xml'] }), has({ types, successRate: 0 }), 0, 'create_new'],
    ['nothing asked for', needs(), has({ types }), 0.05, 'create_new'],
  ])('%s', (_, requirements, candidate, score, recommendation) => {
    expect(scoreOf(requirements, candidate)).toMatchObject({ score, recommendation });
  });

  it('names what is missing, once', () => {
    const wanted = needs({ triggers: ['webhook', 'trigger_webhook'], tools: ['csv'] });
    expect(scoreOf(wanted, has({ types })).missing).toEqual(['trigger_webhook', 'csv']);
  });
});
