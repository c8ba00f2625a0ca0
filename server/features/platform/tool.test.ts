import { afterAll, beforeAll, expect, test } from 'vitest';
import { mfaSecretPlace } from '#server/features/accounts/mfa-factor.ts';
import { matchedStep } from '#server/features/accounts/totp.ts';
import type { Caller } from '#server/http/test-server.ts';
import { Sealer } from '#server/sealing/sealer.ts';
import { type BotStage, json, openBotStage } from './bot-fixture.ts';

let stage: BotStage;
let bob: Caller;

beforeAll(async () => {
  stage = await openBotStage();
  bob = await stage.server.addUser('bob');
});
afterAll(() => stage.close());

test('whoami tells the agent who it is and how to change itself', async () => {
  const { slug, workflow_id } = await stage.botWith(bob, 'whoami');
  const { told, run } = await stage.calls(bob, slug, ['whoami', {}]);
  expect(json(told[0])).toMatchObject({
    workflow_slug: slug,
    workflow_id,
    execution_id: run.execution_id,
    node_id: 'bot',
    component_type: 'agent',
    system_prompt: 'You are the bot.',
    how_to_update: expect.stringContaining(`PATCH /workflows/${slug}/nodes/bot/`),
  });
});

test('scheduler_tools make, list, pause, resume and stop schedules', async () => {
  const { slug, workflow_id } = await stage.botWith(bob, 'scheduler_tools');
  const first = await stage.calls(bob, slug, ['create_schedule', { name: 'Nightly', cron: '0 3 * * *' }]);
  const made = json(first.told[0]);
  expect(made).toMatchObject({ name: 'Nightly', status: 'active', cron: '0 3 * * *' });
  const stored = await bob.ok<{ workflow_id: number }>('schedules.get', { schedule_id: made.id });
  expect(stored.workflow_id).toBe(workflow_id);
  const { told } = await stage.calls(
    bob,
    slug,
    ['pause_schedule', { schedule_id: made.id }],
    ['list_schedules', { status: 'paused' }],
    ['resume_schedule', { schedule_id: made.id }],
    ['stop_schedule', { schedule_id: made.id }],
    ['pause_schedule', { schedule_id: made.id }],
    ['create_schedule', { name: 'Never', cron: 'whenever' }],
  );
  expect(told.slice(0, 4).map(json)).toMatchObject([
    { status: 'paused' },
    { total: 1, schedules: [{ id: made.id }] },
    { status: 'active' },
    { stopped: true },
  ]);
  expect(told[4]).toMatch(/not found/i);
  expect(told[5]).toMatch(/cron/);
});

test('epic_tools and task_tools keep epics and their tasks', async () => {
  const { slug } = await stage.botWith(bob, 'epic_tools, task_tools', 'Planner');
  const made = await stage.calls(bob, slug, [
    'create_epic',
    { title: 'Move house', tags: ['home'], priority: 1 },
  ]);
  const epic = json(made.told[0]);
  expect(epic).toMatchObject({ title: 'Move house', status: 'planning' });
  const one = await stage.calls(bob, slug, ['create_task', { epic_id: epic.id, title: 'Pack' }]);
  const pack = json(one.told[0]);
  const { told } = await stage.calls(
    bob,
    slug,
    ['create_task', { epic_id: epic.id, title: 'Drive', depends_on: [pack.id] }],
    ['update_task', { task_id: pack.id, status: 'completed', result_summary: '30 boxes' }],
    ['list_tasks', { epic_id: epic.id }],
    ['search_epics', { query: 'house', tags: ['home'] }],
    ['update_epic', { epic_id: epic.id, status: 'active' }],
    ['epic_status', { epic_id: epic.id }],
    ['cancel_task', { task_id: pack.id, reason: 'No need' }],
    ['epic_status', { epic_id: 'ep-000000000000' }],
  );
  const [drive, packed, tasks, found, active, status] = told.map((text, at) => (at < 6 ? json(text) : null));
  expect(drive).toMatchObject({ status: 'blocked' });
  expect(packed).toMatchObject({ status: 'completed', result_summary: '30 boxes' });
  expect(tasks).toMatchObject({ total: 2 });
  expect(tasks.tasks.find((task: { title: string }) => task.title === 'Drive')).toMatchObject({
    status: 'pending',
  });
  expect(found).toMatchObject({ total: 1, epics: [{ id: epic.id }] });
  expect(active).toMatchObject({ status: 'active' });
  expect(status).toMatchObject({ total_tasks: 2, completed_tasks: 1, tasks: [{}, {}] });
  expect(told[7]).toMatch(/Epic not found/);
});

test('workflow_create builds a workflow that inherits the model, and tells what is wrong', async () => {
  const { slug } = await stage.botWith(bob, 'workflow_create');
  const good =
    'name: By an agent\ntrigger: workflow\nmodel: inherit\nsteps: [{type: agent, id: kid, prompt: Hi}]';
  const { told } = await stage.calls(
    bob,
    slug,
    ['workflow_create', { dsl: good, tags: ['made'] }],
    ['workflow_create', { dsl: 'name: Bad\nsteps: [{type: agent, id: a, promt: Hi}]' }],
  );
  expect(json(told[0])).toMatchObject({ success: true, mode: 'create', slug: 'by-an-agent', node_count: 3 });
  const { nodes, tags } = await bob.ok<{ nodes: object[]; tags: string[] }>('workflows.get', {
    workflow_slug: 'by-an-agent',
  });
  expect(tags).toEqual(['made']);
  expect(JSON.stringify(nodes)).toContain('"model_name":"scripted-1"');
  expect(told[1]).toMatch(/'a'\.promt: There is no such field\. Did you mean “prompt”/);
});

test('workflow_discover scores the real workflows of its own environment', async () => {
  const dana = await stage.server.addUser('dana');
  const { slug } = await stage.botWith(dana, 'workflow_discover');
  await dana.ok('workflows.fromDsl', {
    yaml_str:
      'name: Fetcher\ndescription: Fetches pages.\ntags: [web]\ntrigger: webhook\nsteps: [{type: http_request, id: get, url: "https://example.com"}]',
  });
  const requirements = {
    triggers: ['webhook'],
    node_types: ['http_request'],
    tags: ['web'],
    description: 'fetches',
  };
  const { told } = await stage.calls(
    dana,
    slug,
    ['workflow_discover', { requirements }],
    ['workflow_discover', { requirements: JSON.stringify({ node_types: ['csv', 'xml'] }) }],
  );
  expect(json(told[0])).toMatchObject({
    recommendation: 'reuse',
    matches: [{ slug: 'fetcher', score: 1, missing: [], success_rate: null }, { slug }],
  });
  expect(json(told[0]).matches).toHaveLength(2);
  expect(json(told[1])).toMatchObject({
    recommendation: 'create_new',
    matches: [{ missing: ['csv', 'xml'] }, {}],
  });
});

test('create_agent_user makes one identity whose key nobody sees', async () => {
  const { slug } = await stage.botWith(bob, 'create_agent_user');
  const { told } = await stage.calls(
    bob,
    slug,
    ['create_agent_user', {}],
    ['create_agent_user', { purpose: 'More' }],
  );
  const username = `agent_${slug}_bot`;
  expect(json(told[0])).toMatchObject({ username, credential_name: `agent ${username}`, created: true });
  expect(json(told[1])).toMatchObject({
    username,
    credential_id: json(told[0]).credential_id,
    created: false,
  });
  const credential = await bob.ok<{ hosts: string[]; detail: object; uses: string[] }>('credentials.get', {
    credential_id: json(told[0]).credential_id,
  });
  expect(credential).toMatchObject({
    uses: ['http'],
    hosts: [new URL(stage.server.base).host],
  });
  const asked = stage.llm.requests.map(({ raw }) => raw).join('\n');
  const agents = await bob.ok<{ items: { username: string; api_key_preview: string }[] }>('agents.list', {});
  const preview = agents.items.find((one) => one.username === username)?.api_key_preview.slice(3) ?? '?';
  expect(preview).toHaveLength(8);
  expect(asked).not.toContain(preview);
});

test('get_totp_code gives codes of agent users of the owner only', async () => {
  const { slug } = await stage.botWith(bob, 'get_totp_code');
  const { id } = await bob.ok<{ id: number }>('agents.create', { username: 'totp-agent' });
  const { told } = await stage.calls(
    bob,
    slug,
    ['get_totp_code', { username: 'totp-agent' }],
    ['get_totp_code', { username: 'bob' }],
    ['get_totp_code', {}],
    ['get_totp_code', { username: 'totp-agent' }],
  );
  expect(json(told[0])).toMatchObject({ username: 'totp-agent', code: expect.stringMatching(/^\d{6}$/) });
  const { db } = stage.server.connection;
  const secrets = await db.selectFrom('mfa_secrets').selectAll().where('user_id', '=', id).execute();
  expect(secrets).toMatchObject([{ state: 'active' }]);
  const [stored] = secrets;
  const sealer = new Sealer(['x'.repeat(40)], null);
  const secret = stored && sealer.open({ sealed: stored.sealed, keyId: stored.key_id }, mfaSecretPlace(id));
  expect(matchedStep(secret ?? '', json(told[0]).code)).not.toBeNull();
  expect(matchedStep(secret ?? '', json(told[3]).code)).not.toBeNull();
  expect(told[1]).toMatch(/Agent user not found/);
  expect(told[2]).toMatch(/Agent user not found/);
});

test('system_health tells how things are', async () => {
  const { slug } = await stage.botWith(bob, 'system_health');
  const { told } = await stage.calls(bob, slug, ['check_system_health', {}]);
  expect(json(told[0])).toMatchObject({ status: 'healthy', issues: [], workers: 1, failed_runs_24h: 0 });
});

test('what no text may hold is told in words, whatever it was meant for', async () => {
  const { slug } = await stage.botWith(
    bob,
    'epic_tools, memory_read, memory_write, platform_api, workflow_create',
    'Odd one',
  );
  const { told } = await stage.calls(
    bob,
    slug,
    ['create_epic', { title: 'a\0b' }],
    ['recall', { key: 'a\0b' }],
    ['platform_api', { method: 'POST', path: '/workflows/', body: '{"name":"a\\u0000b","slug":"odd"}' }],
    ['workflow_create', { dsl: 'name: "a\\0b"\ntrigger: manual\nsteps: [{type: code, code: "1"}]' }],
  );
  expect(told).toHaveLength(4);
  for (const text of told) {
    expect(text).toMatch(/hold(s|) NUL/);
    expect(text).not.toMatch(/byte sequence|encoding/);
  }
});
