import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';

// The data nodes are tested by themselves in their folders; here they meet real templates, edges and the journal.
let server: TestServer;
let ada: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
});
afterAll(() => server.close());

const step = (id: string, type: string, config = {}) => ({
  id,
  type,
  label: null,
  x: 0,
  y: 0,
  config,
  settings: DEFAULT_SETTINGS,
});

const nodes = [
  step('start', 'trigger_manual'),
  step('rows', 'csv', { separator: 'semicolon', convert: true }),
  step('large', 'filter', { rules: [{ field: 'total', operator: 'gte', value: '{{ trigger.least }}' }] }),
  step('order', 'sort', { keys: [{ path: 'total', direction: 'descending' }] }),
  step('slim', 'map', { fields: { who: 'name', total: 'total' }, constants: { shop: '{{ trigger.shop }}' } }),
  step('unique', 'deduplicate', { path: 'who' }),
  step('top', 'limit', { count: 2 }),
  step('sum', 'aggregator', { operation: 'sum', path: 'total' }),
  step('gross', 'calculator', {
    expression: 'net * rate',
    values: { net: '{{ sum.result }}', rate: 1.19 },
    decimals: 2,
  }),
  step('due', 'datetime', { operation: 'add', value: '{{ trigger.at }}', amount: 14, zone: 'Europe/Berlin' }),
  step('by', 'group', { path: 'who', form: 'object' }),
  step('text', 'xml', { mode: 'format', root: 'totals', declaration: false }),
  step('check', 'assertion', { rules: [{ left: '{{ gross.result }}', operator: 'gt', value: 100 }] }),
  step('words', 'split', { separator: ' ' }),
  step('json', 'json', { mode: 'format' }),
  step('topology', 'validate_topology', { document: 'format: pipewright/workflow' }),
  step('end', 'set', {
    fields: {
      top: '{{ top.output }}',
      gross: '{{ gross.result }}',
      due: '{{ due.output }}',
      route: '{{ check.route }}',
      xml: '{{ text.output }}',
      json: '{{ json.output }}',
      valid: '{{ topology.valid }}',
    },
  }),
];

const wires = [
  'start.text > rows.input',
  'rows.output > large.input',
  'large.filtered > order.input',
  'order.output > slim.input',
  'slim.output > unique.input',
  'unique.output > top.input',
  'top.output > sum.items',
  'sum.result > gross.input',
  'gross.result > due.input',
  'top.output > by.input',
  'by.output > text.input',
  'due.output > check.input',
  'start.text > words.input',
  'words.output > json.input',
  'start.payload > topology.input',
  'check.pass > end.input',
  'text.output > end.input',
  'json.output > end.input',
  'topology.output > end.input',
];

const edges = wires.map((wire, index) => {
  const [source = '', sourcePort = '', target = '', targetPort = ''] = wire.split(/ > |\./);
  return { id: index + 1, source, sourcePort, target, targetPort, priority: 0 };
});

test('a run through every data node gives what their folders promise', async () => {
  const { slug } = await ada.ok<{ slug: string }>('workflows.import', {
    document: { format: 'pipewright/workflow', version: 1, workflow: { name: 'Data' }, nodes, edges },
  });
  const { execution_id } = await ada.ok<{ execution_id: string }>('workflows.execute', {
    workflow_slug: slug,
    text: 'name;total\nAda;60\nBob;40\nAda;5\nEve;9',
    payload: { least: 9, shop: ['north'], at: '2026-03-20' },
  });
  const done = await until(async () => {
    const found = await ada.ok<{ status: string; final_output: unknown; error_message: string }>(
      'executions.status',
      { execution_id },
    );
    return ['completed', 'failed'].includes(found.status) ? found : null;
  });
  expect(done).toMatchObject({
    status: 'completed',
    final_output: {
      node_outputs: {
        end: {
          output: {
            top: [
              { who: 'Ada', total: 60, shop: ['north'] },
              { who: 'Bob', total: 40, shop: ['north'] },
            ],
            gross: 119,
            due: '2026-04-03T00:00:00.000+02:00',
            route: 'pass',
            xml: '<totals><Ada><who>Ada</who><total>60</total><shop>north</shop></Ada><Bob><who>Bob</who><total>40</total><shop>north</shop></Bob></totals>',
            json: '["name;total\\nAda;60\\nBob;40\\nAda;5\\nEve;9"]',
            valid: false,
          },
        },
      },
    },
  });
});
