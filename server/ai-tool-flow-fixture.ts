import { expect } from 'vitest';
import { agentFlow, chargeOf, toolRow } from './ai-agent-flow-fixture.ts';
import type { FlowRow, FlowWorld } from './ai-flow-fixture.ts';
import { TOKEN } from './mcp/mcp-fixture.ts';

const gherkin_spec = 'Feature: A\n  Scenario: B\n    Given x\n    When y\n    Then <z>\n';

/** A workflow that another one calls. */
const callee = (
  { stage }: FlowWorld,
  slug: string,
  more: Parameters<FlowWorld['stage']['draw']>[1],
  edges: readonly string[],
) => stage.draw(slug, { called: ['trigger_workflow'], ...more }, edges);

/** Tools that compute, reach the network, remember, or run other workflows. */
export const toolRows: readonly FlowRow[] = [
  toolRow('calculator', () => ({
    tool: ['calculator'],
    uses: [{ name: 'calculator', args: { expression: '(2 + 3) ** 2' }, gives: 25 }],
  })),
  toolRow('datetime', () => ({
    tool: ['datetime'],
    uses: [
      {
        name: 'datetime',
        args: { zone: 'Europe/Berlin' },
        gives: expect.objectContaining({ parts: expect.objectContaining({ zone: 'Europe/Berlin' }) }),
      },
    ],
  })),
  toolRow('code_execute', () => ({
    tool: ['code_execute', { language: 'javascript' }],
    uses: [
      {
        name: 'code_execute',
        args: { code: 'console.log("hi"); return 6 * 7' },
        gives: { output: 42, stdout: 'hi', error: null },
      },
    ],
  })),
  toolRow('http_request', ({ outside }) => ({
    tool: ['http_request'],
    uses: [
      {
        name: 'http_request',
        args: { url: `http://${outside.host}/a`, method: 'POST', body: { n: 1 } },
        gives: `200\n${'x'.repeat(4000)}\n… 1000 more characters`,
      },
    ],
    reached: [{ method: 'POST', url: '/a', body: '{"n":1}' }],
  })),
  toolRow('web_search', ({ outside }) => ({
    tool: ['web_search', { searxng_url: `http://${outside.host}`, limit: 2 }],
    uses: [
      {
        name: 'web_search',
        args: { query: 'a b' },
        gives: expect.stringMatching(/^1\. Hit 1\nhttps:\/\/x\/1\nc{200}\n(?![\s\S]*Hit 3)/),
      },
    ],
    reached: [{ method: 'GET', url: '/search?q=a+b&format=json', body: '' }],
  })),
  toolRow('run_command', () => ({
    tool: ['run_command', { program: 'printf', args: [] }],
    uses: [
      {
        name: 'run_command',
        args: { args: ['%s', 'a $HOME'] },
        gives: expect.objectContaining({ exit_code: 0, stdout: 'a $HOME' }),
      },
    ],
  })),
  toolRow('notify', ({ outside }) => ({
    tool: ['notify', { channel: 'webhook', url: `http://${outside.host}/hook` }],
    uses: [
      {
        name: 'notify',
        args: { message: 'Hello', url: 'http://evil.example/' },
        gives: expect.objectContaining({ channel: 'webhook', status: 200 }),
      },
    ],
    reached: [{ method: 'POST', url: '/hook', body: '{"message":"Hello"}' }],
  })),
  toolRow('validate_gherkin', () => ({
    tool: ['validate_gherkin'],
    uses: [
      {
        name: 'validate_gherkin',
        args: { gherkin_spec },
        gives: expect.objectContaining({ valid: true }),
      },
    ],
  })),
  toolRow('validate_topology', () => ({
    tool: ['validate_topology'],
    uses: [
      {
        name: 'validate_topology',
        args: { topology_yaml: 'nodes: 5' },
        gives: expect.objectContaining({ valid: false }),
      },
    ],
  })),
  toolRow('memory_write', () => ({
    tool: ['memory_write'],
    uses: [
      {
        name: 'remember',
        args: { key: 'tea', value: 'green' },
        gives: 'Remembered.',
      },
    ],
  })),
  toolRow('memory_read', () => ({
    tool: ['memory_read'],
    nodes: { pen: ['memory_write'] },
    edges: ['pen.tool > work.tools'],
    uses: [
      { name: 'remember', args: { key: 'office', value: 'Lyon' }, gives: expect.anything(), node: 'pen' },
      {
        name: 'recall',
        args: { key: 'Office' },
        gives: [expect.objectContaining({ kind: 'facts', key: 'office', value: 'Lyon' })],
      },
    ],
  })),
  toolRow('identify_user', () => ({
    tool: ['identify_user'],
    uses: [
      {
        name: 'identify_user',
        args: { display_name: 'Ada' },
        gives: expect.objectContaining({ user_id: expect.stringMatching(/^user:/), is_new_user: true }),
        within: ['identify', expect.objectContaining({ isNew: true })],
      },
    ],
  })),
  {
    type: 'mcp_client',
    flow: async ({ stage, mcp }) => {
      const { id } = await stage.ada.ok<{ id: number }>('credentials.create', {
        name: 'MCP',
        credential_type: 'tool',
        detail: { tool_type: 'http', config: { auth: 'bearer', token: TOKEN } },
        hosts: [mcp.host],
      });
      return agentFlow({
        type: 'mcp_client',
        tool: ['mcp_client', { server_url: mcp.url, credential: id, allowed_tools: 'add' }],
        uses: [{ name: 'add', args: { a: 2, b: 40 }, gives: '42' }],
        reached: [{ name: 'add', args: { a: 2, b: 40 } }],
      });
    },
  },
  {
    type: 'workflow',
    // The one that is called asks a model as well: its tokens belong to the same run.
    flow: async (world) => {
      await callee(
        world,
        'greet',
        {
          model: world.stage.model,
          greeter: ['agent', { input_template: 'Greet {{ trigger.text }}.' }],
          say: ['reply', { body: '{{ greeter.output }}' }],
        },
        ['called.text > greeter.messages', 'model.model > greeter.model', 'greeter.output > say.input'],
      );
      const [use] = [{ name: 'greet', args: { text: 'Bo' }, gives: expect.stringContaining('Hello Bo!') }];
      const flow = agentFlow({
        type: 'workflow',
        tool: ['workflow', { target_workflow: 'greet' }],
        uses: [use],
      });
      const [first, last] = flow.script;
      return {
        ...flow,
        script: [first ?? {}, { text: 'Hello Bo!' }, last ?? {}],
        charged: [chargeOf(), chargeOf('greeter'), chargeOf()],
        children: 1,
      };
    },
  },
  {
    type: 'spawn_and_await',
    flow: async (world) => {
      await callee(world, 'echo', { say: ['reply', { body: 'echo {{ trigger.text }}' }] }, [
        'called.payload > say.input',
      ]);
      const task = (text: string) => ({ workflow_slug: 'echo', input_text: text });
      const use = {
        name: 'spawn_and_await',
        args: { tasks: [task('a'), task('b')] },
        gives: ['echo a', 'echo b'],
      };
      return agentFlow({
        type: 'spawn_and_await',
        tool: ['spawn_and_await'],
        uses: [use],
        children: 2,
      });
    },
  },
];
