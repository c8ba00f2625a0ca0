import { expect } from 'vitest';
import { agentFlow, toolRow } from './ai-agent-flow-fixture.ts';
import type { FlowRow } from './ai-flow-fixture.ts';

/** What the model does with the answer of a call before: its id. */
const idOf = (text: string | undefined): unknown => JSON.parse(text ?? 'null').id;
const DSL = 'name: By an agent\ntrigger: workflow\nsteps: [{type: wait, id: nap, duration: 1}]';

/** Tools that act on Pipewright itself. */
export const platformRows: readonly FlowRow[] = [
  toolRow('platform_api', () => ({
    tool: ['platform_api'],
    uses: [
      {
        name: 'platform_api',
        args: { method: 'POST', path: '/workflows/', body: { name: 'Made', slug: 'made-by-bot' } },
        gives: expect.objectContaining({ status: 201 }),
      },
    ],
  })),
  toolRow('whoami', () => ({
    tool: ['whoami'],
    uses: [
      {
        name: 'whoami',
        args: {},
        gives: expect.objectContaining({ workflow_slug: 'flow-whoami', node_id: 'work' }),
      },
    ],
  })),
  toolRow('scheduler_tools', () => ({
    tool: ['scheduler_tools'],
    uses: [
      {
        name: 'create_schedule',
        args: { name: 'Nightly', cron: '0 3 * * *' },
        gives: expect.objectContaining({ name: 'Nightly', status: 'active' }),
      },
      {
        name: 'stop_schedule',
        args: (told) => ({ schedule_id: idOf(told[0]) }),
        gives: expect.objectContaining({ stopped: true }),
      },
    ],
  })),
  toolRow('epic_tools', () => ({
    tool: ['epic_tools'],
    uses: [
      {
        name: 'create_epic',
        args: { title: 'Move house' },
        gives: expect.objectContaining({ title: 'Move house', status: 'planning' }),
      },
    ],
  })),
  toolRow('task_tools', () => ({
    tool: ['task_tools'],
    nodes: { epics: ['epic_tools'] },
    edges: ['epics.tool > work.tools'],
    uses: [
      { name: 'create_epic', args: { title: 'Paint' }, gives: expect.anything(), node: 'epics' },
      {
        name: 'create_task',
        args: (told) => ({ epic_id: idOf(told[0]), title: 'Buy paint' }),
        gives: expect.objectContaining({ title: 'Buy paint', status: 'pending' }),
      },
    ],
  })),
  toolRow('workflow_create', () => ({
    tool: ['workflow_create'],
    uses: [
      {
        name: 'workflow_create',
        args: { dsl: DSL },
        gives: expect.objectContaining({ success: true, slug: 'by-an-agent' }),
      },
    ],
  })),
  toolRow('workflow_discover', () => ({
    tool: ['workflow_discover'],
    uses: [
      {
        name: 'workflow_discover',
        args: { requirements: { node_types: ['csv', 'xml'] } },
        gives: expect.objectContaining({ recommendation: 'create_new' }),
      },
    ],
  })),
  toolRow('create_agent_user', () => ({
    tool: ['create_agent_user'],
    uses: [
      {
        name: 'create_agent_user',
        args: {},
        gives: expect.objectContaining({ username: 'agent_flow-create-agent-user_work', created: true }),
      },
    ],
  })),
  {
    type: 'get_totp_code',
    flow: async ({ stage }) => {
      await stage.ada.ok('agents.create', { username: 'totp-agent' });
      return agentFlow({
        type: 'get_totp_code',
        tool: ['get_totp_code'],
        uses: [
          {
            name: 'get_totp_code',
            args: { username: 'totp-agent' },
            gives: expect.objectContaining({
              username: 'totp-agent',
              code: expect.stringMatching(/^\d{6}$/),
            }),
          },
        ],
      });
    },
  },
  toolRow('system_health', () => ({
    tool: ['system_health'],
    uses: [
      {
        name: 'check_system_health',
        args: {},
        gives: expect.objectContaining({ status: 'healthy', workers: 1 }),
      },
    ],
  })),
];
