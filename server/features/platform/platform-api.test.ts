import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addKey, setMember } from '#server/conformance/person.ts';
import { Caller, until } from '#server/http/test-server.ts';
import { type BotStage, json, openBotStage } from './bot-fixture.ts';

let stage: BotStage;
let bob: Caller;
let eve: Caller;
beforeAll(async () => {
  stage = await openBotStage();
  bob = await stage.server.addUser('bob');
  eve = await stage.server.addUser('eve');
});
afterAll(() => stage.close());

async function place(username: string) {
  return stage.server.connection.db
    .selectFrom('users')
    .innerJoin('memberships as m', 'm.user_id', 'users.id')
    .select(['users.id as userId', 'm.environment_id as environmentId'])
    .where('username', '=', username)
    .executeTakeFirstOrThrow();
}

describe('platform_api', () => {
  test('calls the API with the rights of the owner, recorded as the owner through the run', async () => {
    const { slug } = await stage.botWith(bob, 'platform_api');
    const { told, run } = await stage.calls(
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
      where e.action = 'operation_called' order by e.id`.execute(stage.server.connection.db);
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
    const { slug } = await stage.botWith(bob, 'platform_api', `Refused ${path}`);
    const { told } = await stage.calls(bob, slug, ['platform_api', { method, path }]);
    expect(told[0]).toContain(`"status":${status}`);
  });

  test('sees nothing of another environment', async () => {
    const hers = await stage.botWith(eve, 'whoami', 'Hers alone');
    const { slug } = await stage.botWith(bob, 'platform_api', 'Nosy');
    const path = `/workflows/${hers.slug}/`;
    const { told } = await stage.calls(
      bob,
      slug,
      ['platform_api', { method: 'GET', path }],
      ['platform_api', { method: 'DELETE', path }],
    );
    expect(told.map((text) => json(text).status)).toEqual([404, 404]);
    expect((await eve.call('workflows.get', { workflow_slug: hers.slug })).status).toBe(200);
  });

  test('never shows a key that is shown once', async () => {
    const { slug } = await stage.botWith(bob, 'platform_api', 'Key maker');
    const body = { username: 'shown-once' };
    const { told } = await stage.calls(bob, slug, [
      'platform_api',
      { method: 'POST', path: '/users/agents/', body },
    ]);
    expect(json(told[0])).toMatchObject({ status: 201, body: { username: 'shown-once', key: '********' } });
  });

  test('may do no more than an owner who may only look or run', async () => {
    const { slug } = await stage.botWith(bob, 'platform_api', 'Demoted');
    const { userId, environmentId } = await place('bob');
    const key = await addKey(stage.server.connection, { userId, environmentId });
    const caller = new Caller(stage.server.base, key);
    const wanted = [
      ['platform_api', { method: 'GET', path: '/workflows/' }],
      ['platform_api', { method: 'DELETE', path: `/workflows/${slug}/` }],
    ] as const;
    try {
      await setMember(stage.server.connection, { userId, environmentId }, 'operator');
      const { told } = await stage.calls(caller, slug, ...wanted);
      expect(told.map((text) => json(text).status)).toEqual([200, 403]);
      expect(told[1]).toContain('at least the role “editor”');
    } finally {
      await setMember(stage.server.connection, { userId, environmentId }, 'owner');
    }
  });

  const countOf = async (slug: string) => {
    const { rows } = await sql<{ n: number; open: number }>`
      select count(*)::int as n, count(*) filter (where finished_at is null)::int as open
      from executions e join workflows w on w.id = e.workflow_id where w.slug = ${slug}`.execute(
      stage.server.connection.db,
    );
    return rows[0];
  };
  /** The agent calls this once in every run. */
  const alwaysCall = (args: object) =>
    stage.llm.always(({ body }) =>
      body.messages.some(({ role }) => role === 'tool')
        ? { text: 'Done.' }
        : { toolCalls: [{ name: 'platform_api', args }] },
    );

  test.each(['by hand', 'by a schedule'])('starts runs %s, but not endlessly', async (way) => {
    const isByHand = way === 'by hand';
    const trigger = isByHand ? 'manual' : 'schedule';
    const { slug, workflow_id } = await stage.botWith(bob, 'platform_api', `Ouroboros ${way}`, trigger);
    if (isByHand) {
      alwaysCall({ method: 'POST', path: `/workflows/${slug}/execute/`, body: { text: 'Again.' } });
      await bob.ok('workflows.execute', { workflow_slug: slug, text: 'Go.' });
    } else {
      const schedule = { name: 'Now and then', workflow_id, cron: '0 0 1 1 *' };
      const { id } = await bob.ok<{ id: string }>('schedules.create', schedule);
      alwaysCall({ method: 'POST', path: `/schedules/${id}/run-now/` });
      await bob.ok('schedules.runNow', { schedule_id: id });
    }
    await until(async () => (await countOf(slug))?.n === 4 && (await countOf(slug))?.open === 0, 25_000);
    stage.llm.always({ status: 400 });
    // Of the runs that went on at once, whichever was refused.
    const results = stage.llm.requests.flatMap(({ body }) =>
      body.messages.filter(({ role }) => role === 'tool'),
    );
    expect(results.map(({ content }) => String(content)).join('\n')).toMatch(
      /"status":403.*may not start further/,
    );
  });

  test('spends what a visitor’s run begins from the budget of their page', async () => {
    const page = await stage.botWith(bob, 'platform_api', 'Open to all', 'chat');
    const inner = await stage.botWith(bob, 'calculator', 'Behind it');
    const settings = { workflow_slug: page.slug, enabled: true, network_percent: 100 };
    const { page_id } = await bob.ok<{ page_id: string }>('chat.savePage', settings);
    const { token } = await stage.server.nobody.ok<{ token: string }>('visits.open', {
      page_id,
      mode: 'token',
    });
    const visitor = new Caller(stage.server.base, token);
    stage.llm.script(
      {
        toolCalls: [
          {
            name: 'platform_api',
            args: { method: 'POST', path: `/workflows/${inner.slug}/execute/`, body: { text: 'Go.' } },
          },
        ],
        usage: { input: 100, output: 10 },
      },
      // The page's agent, and the one behind it, in whichever order.
      { text: 'Done.', usage: { input: 200, output: 10 } },
      { text: 'Done.', usage: { input: 200, output: 10 } },
    );
    await visitor.ok('visits.send', { page_id, text: 'Go.' });
    await until(async () => (await countOf(inner.slug))?.n === 1 && (await countOf(inner.slug))?.open === 0);
    const used = async () =>
      (await bob.ok<{ used_tokens_today: number }>('chat.page', settings)).used_tokens_today;
    await until(async () => (await used()) === 530);
    await stage.calls(bob, inner.slug);
    expect(await used()).toBe(530);
    await bob.ok('chat.savePage', { ...settings, daily_tokens: 530 });
    expect((await visitor.call('visits.send', { page_id, text: 'More.' })).status).toBe(429);
  });
});
