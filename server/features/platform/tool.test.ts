import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { generateSync } from 'otplib';
import { addKey, setMember } from '#server/conformance/person.ts';
import { Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import { type ScriptedProvider, startScriptedProvider } from '#server/model/provider-fixture.ts';

let server: TestServer;
let llm: ScriptedProvider;
let bob: Caller;
let eve: Caller;

beforeAll(async () => {
  llm = await startScriptedProvider();
  server = await startTestServer({ PIPEWRIGHT_EGRESS_ALLOW: llm.host });
  bob = await server.addUser('bob');
  eve = await server.addUser('eve');
});
afterAll(async () => {
  await server.close();
  await llm.close();
});

interface Made {
  readonly slug: string;
  readonly workflow_id: number;
}

const accounts = new Map<Caller, number>();

async function accountOf(owner: Caller): Promise<number> {
  const known = accounts.get(owner);
  if (known !== undefined) return known;
  const { id } = await owner.ok<{ id: number }>('credentials.create', {
    name: 'Model',
    credential_type: 'llm',
    detail: { provider_type: 'openai_compatible', base_url: llm.openai, api_key: 'sk-scripted' },
  });
  accounts.set(owner, id);
  return id;
}

/** A workflow whose agent has one tool. */
async function botWith(owner: Caller, tool: string, name = `Bot with ${tool}`): Promise<Made> {
  const account = await accountOf(owner);
  return owner.ok<Made>('workflows.fromDsl', {
    yaml_str: `name: ${name}
trigger: manual
model: {credential_id: ${account}, model_name: scripted-1}
steps: [{type: agent, id: bot, prompt: You are the bot., tools: [${tool}]}]`,
  });
}

interface Run {
  readonly status: string;
  readonly execution_id: string;
}

/** Lets the agent call the functions in turn, and gives what it was told of each. */
async function calls(
  owner: Caller,
  slug: string,
  ...wanted: (readonly [name: string, args: object])[]
): Promise<{ readonly told: string[]; readonly run: Run }> {
  const before = llm.requests.length;
  llm.script(...wanted.map(([name, args]) => ({ toolCalls: [{ name, args }] })), { text: 'Done.' });
  const { execution_id } = await owner.ok<{ execution_id: string }>('workflows.execute', {
    workflow_slug: slug,
    text: 'Go.',
  });
  const run = await ended(owner, execution_id);
  expect(run).toMatchObject({ status: 'completed' });
  const last = llm.requests.at(-1);
  expect(llm.requests.length - before).toBe(wanted.length + 1);
  const told = last?.body.messages
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => String(content));
  return { told: told ?? [], run };
}

const ended = (owner: Caller, execution_id: string): Promise<Run> =>
  until(async () => {
    const run = await owner.ok<Run>('executions.get', { execution_id });
    return ['completed', 'failed', 'cancelled'].includes(run.status) && run;
  }, 25_000);

/** What the tool gave, out of the marks that tell the model it is data. */
const json = (text: string | undefined) =>
  JSON.parse((text ?? 'null').replaceAll(/^<tool_\w+[^>]*>\n?|\n?<\/tool_\w+>$/g, ''));

async function place(username: string) {
  return server.connection.db
    .selectFrom('users')
    .innerJoin('memberships as m', 'm.user_id', 'users.id')
    .select(['users.id as userId', 'm.environment_id as environmentId'])
    .where('username', '=', username)
    .executeTakeFirstOrThrow();
}

describe('platform_api', () => {
  test('calls the API with the rights of the owner, recorded as the owner through the run', async () => {
    const { slug } = await botWith(bob, 'platform_api');
    const { told, run } = await calls(
      bob,
      slug,
      ['platform_api', { method: 'GET', path: `/workflows/${slug}/` }],
      [
        'platform_api',
        { method: 'POST', path: '/api/v1/workflows/', body: { name: 'Made', slug: 'made-by-bot' } },
      ],
      [
        'platform_api',
        { method: 'PATCH', path: '/workflows/made-by-bot', body: '{"description":"By a bot."}' },
      ],
      ['platform_api', { method: 'GET', path: '/workflows/?q=made-by-bot&limit=1' }],
    );
    expect(told.map((text) => json(text).status)).toEqual([200, 201, 200, 200]);
    expect(json(told[3]).body).toMatchObject({ total: 1, items: [{ description: 'By a bot.' }] });
    const { rows } = await sql<{ action: string; target: string; detail: object; username: string }>`
      select e.action, e.target, e.detail, u.username from audit_events e join users u on u.id = e.actor_id
      where e.action = 'operation_called' order by e.id`.execute(server.connection.db);
    expect(rows).toMatchObject([
      {
        target: 'workflows.create',
        username: 'bob',
        detail: { via: 'execution', execution_id: run.execution_id },
      },
      { target: 'workflows.update', username: 'bob' },
    ]);
    const { llm_calls, total_tokens } = await bob.ok<{ llm_calls: number; total_tokens: number }>(
      'executions.get',
      {
        execution_id: run.execution_id,
      },
    );
    // Five answers of 10 tokens in and 5 out.
    expect({ llm_calls, total_tokens }).toEqual({ llm_calls: 5, total_tokens: 75 });
  });

  test.each([
    ['GET', '/users/me/keys/', 403],
    ['POST', '/users/me/keys/', 403],
    ['GET', '/auth/sessions/', 403],
    ['POST', '/auth/mfa/setup/', 403],
    ['GET', '/settings/', 403],
    ['GET', '/audit/', 403],
    ['GET', '/users/', 403],
    ['POST', '/credentials/', 403],
    ['POST', '/inbound/', 403],
    ['POST', '/auth/token/', 403],
    ['GET', '/nowhere/', 404],
    ['PUT', '/workflows/', 405],
    ['GET', '/workflows/?limit=abc', 422],
    ['POST', '/workflows/', 422],
  ])('%s %s is answered %i', async (method, path, status) => {
    const { slug } = await botWith(bob, 'platform_api', `Refused ${path}`);
    const { told } = await calls(bob, slug, ['platform_api', { method, path }]);
    expect(told[0]).toContain(`"status":${status}`);
  });

  test('sees nothing of another environment', async () => {
    const hers = await botWith(eve, 'whoami', 'Hers alone');
    const { slug } = await botWith(bob, 'platform_api', 'Nosy');
    const path = `/workflows/${hers.slug}/`;
    const { told } = await calls(
      bob,
      slug,
      ['platform_api', { method: 'GET', path }],
      ['platform_api', { method: 'DELETE', path }],
    );
    expect(told.map((text) => json(text).status)).toEqual([404, 404]);
    expect((await eve.call('workflows.get', { workflow_slug: hers.slug })).status).toBe(200);
  });

  test('never shows a key that is shown once', async () => {
    const { slug } = await botWith(bob, 'platform_api', 'Key maker');
    const body = { username: 'shown-once' };
    const { told } = await calls(bob, slug, [
      'platform_api',
      { method: 'POST', path: '/users/agents/', body },
    ]);
    expect(json(told[0])).toMatchObject({ status: 201, body: { username: 'shown-once', key: '********' } });
  });

  test('may do no more than an owner who may only look or run', async () => {
    const { slug } = await botWith(bob, 'platform_api', 'Demoted');
    const { userId, environmentId } = await place('bob');
    const key = await addKey(server.connection, { userId, environmentId });
    const caller = new Caller(server.base, key);
    const wanted = [
      ['platform_api', { method: 'GET', path: '/workflows/' }],
      ['platform_api', { method: 'DELETE', path: `/workflows/${slug}/` }],
    ] as const;
    try {
      await setMember(server.connection, { userId, environmentId }, 'operator');
      const { told } = await calls(caller, slug, ...wanted);
      expect(told.map((text) => json(text).status)).toEqual([200, 403]);
      expect(told[1]).toContain('at least the role “editor”');
    } finally {
      await setMember(server.connection, { userId, environmentId }, 'owner');
    }
  });

  test('starts runs, but not endlessly', async () => {
    const { slug } = await botWith(bob, 'platform_api', 'Ouroboros');
    const path = `/workflows/${slug}/execute/`;
    llm.always(({ body }) => {
      const isTold = body.messages.some(({ role }) => role === 'tool');
      return isTold
        ? { text: 'Done.' }
        : { toolCalls: [{ name: 'platform_api', args: { method: 'POST', path, body: { text: 'Again.' } } }] };
    });
    const count = async () => {
      const { rows } = await sql<{ n: number; open: number }>`
        select count(*)::int as n, count(*) filter (where finished_at is null)::int as open
        from executions e join workflows w on w.id = e.workflow_id where w.slug = ${slug}`.execute(
        server.connection.db,
      );
      return rows[0];
    };
    await bob.ok('workflows.execute', { workflow_slug: slug, text: 'Go.' });
    await until(async () => (await count())?.n === 4 && (await count())?.open === 0, 25_000);
    llm.always({ status: 400 });
    const refused = llm.requests.at(-1)?.body.messages.findLast(({ role }) => role === 'tool');
    expect(String(refused?.content)).toMatch(/"status":403.*may not start further/);
  });
});

test('whoami tells the agent who it is and how to change itself', async () => {
  const { slug, workflow_id } = await botWith(bob, 'whoami');
  const { told, run } = await calls(bob, slug, ['whoami', {}]);
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
  const { slug, workflow_id } = await botWith(bob, 'scheduler_tools');
  const first = await calls(bob, slug, ['create_schedule', { name: 'Nightly', cron: '0 3 * * *' }]);
  const made = json(first.told[0]);
  expect(made).toMatchObject({ name: 'Nightly', status: 'active', cron: '0 3 * * *' });
  const stored = await bob.ok<{ workflow_id: number }>('schedules.get', { schedule_id: made.id });
  expect(stored.workflow_id).toBe(workflow_id);
  const { told } = await calls(
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
  const { slug } = await botWith(bob, 'epic_tools, task_tools', 'Planner');
  const made = await calls(bob, slug, ['create_epic', { title: 'Move house', tags: ['home'], priority: 1 }]);
  const epic = json(made.told[0]);
  expect(epic).toMatchObject({ title: 'Move house', status: 'planning' });
  const one = await calls(bob, slug, ['create_task', { epic_id: epic.id, title: 'Pack' }]);
  const pack = json(one.told[0]);
  const { told } = await calls(
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
  const { slug } = await botWith(bob, 'workflow_create');
  const good =
    'name: By an agent\ntrigger: workflow\nmodel: inherit\nsteps: [{type: agent, id: kid, prompt: Hi}]';
  const { told } = await calls(
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
  const dana = await server.addUser('dana');
  const { slug } = await botWith(dana, 'workflow_discover');
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
  const { told } = await calls(
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
  const { slug } = await botWith(bob, 'create_agent_user');
  const { told } = await calls(
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
    hosts: [new URL(server.base).host],
  });
  const asked = llm.requests.map(({ raw }) => raw).join('\n');
  const agents = await bob.ok<{ items: { username: string; api_key_preview: string }[] }>('agents.list', {});
  const preview = agents.items.find((one) => one.username === username)?.api_key_preview.slice(3) ?? '?';
  expect(preview).toHaveLength(8);
  expect(asked).not.toContain(preview);
});

test('get_totp_code gives codes of agent users of the owner only', async () => {
  const { slug } = await botWith(bob, 'get_totp_code');
  const { key } = await bob.ok<{ key: string }>('agents.create', { username: 'totp-agent' });
  const agent = new Caller(server.base, key);
  const unset = await calls(bob, slug, ['get_totp_code', { username: 'totp-agent' }]);
  expect(unset.told[0]).toMatch(/has no second factor set up/);
  const { secret } = await agent.ok<{ secret: string }>('mfa.setup', {});
  await agent.ok('mfa.verify', { code: generateSync({ secret }) });
  const { told } = await calls(
    bob,
    slug,
    ['get_totp_code', { username: 'totp-agent' }],
    ['get_totp_code', { username: 'bob' }],
    ['get_totp_code', {}],
  );
  expect(json(told[0])).toMatchObject({ username: 'totp-agent', code: expect.stringMatching(/^\d{6}$/) });
  const around = [-30, 0, 30].map((shift) => generateSync({ secret, epoch: Date.now() / 1000 + shift }));
  expect(around).toContain(json(told[0]).code);
  expect(told[1]).toMatch(/Agent user not found/);
  expect(told[2]).toMatch(/Agent user not found/);
});

test('system_health tells how things are', async () => {
  const { slug } = await botWith(bob, 'system_health');
  const { told } = await calls(bob, slug, ['check_system_health', {}]);
  expect(json(told[0])).toMatchObject({ status: 'healthy', issues: [], workers: 1, failed_runs_24h: 0 });
});
