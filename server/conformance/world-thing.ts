import type { Connection } from '#server/db/connection.ts';
import { issueSession } from '#server/features/accounts/credential.ts';
import type { Input } from './client.ts';
import { hasArea } from './listed-operation.ts';
import { makeMemories } from './memory-row.ts';
import type { Person } from './person.ts';
import type { Session } from './session.ts';
import type { Flow } from './world-flow.ts';

/** What a world has besides its workflow. */
export interface Things {
  readonly keyId: number;
  readonly sessionId: number;
  /** Of a visitor of the chat page. */
  readonly visitToken: string;
  readonly path: Input;
  /** Ids that stand in no path. */
  readonly ids: readonly (string | number)[];
}

export interface Maker {
  readonly owner: Person;
  readonly session: Session;
  readonly canary: string;
  readonly flow: Flow;
}

export async function makeThings(connection: Connection, maker: Maker): Promise<Things> {
  const { owner, session, canary } = maker;
  const { id: keyId } = await session.ok<{ id: number }>('users.createKey', { name: canary });
  await issueSession(connection.db, owner.userId, canary);
  const { rows } = await connection.pool.query<{ id: number }>(
    'select max(id) as id from sessions where user_id = $1',
    [owner.userId],
  );
  const path: Input = {
    ...(hasArea('epics') && (await makeEpic(maker))),
    ...(hasArea('credentials') && (await makeCredential(maker))),
    ...(hasArea('sandboxes') && (await makeSandbox(maker))),
    ...(hasArea('budgets') && (await makeBudget(maker))),
    ...(hasArea('agents') && (await makeAgent(maker))),
    ...(hasArea('visits') && (await makeChat(maker))),
  };
  const ids = await makeMemories(connection.pool, { owner, canary, workflowId: maker.flow.workflowId });
  const { token: visitToken } = await session.ok<{ token: string }>('visits.open', {
    page_id: path['page_id'],
    mode: 'token',
  });
  return { keyId, sessionId: rows[0]?.id ?? 0, visitToken, path, ids };
}

async function makeEpic({ session, canary, flow }: Maker): Promise<Input> {
  const { id: epic_id } = await session.ok<{ id: string }>('epics.create', {
    title: canary,
    tags: [canary],
    workflow_id: flow.workflowId,
  });
  const { id: first } = await session.ok<{ id: string }>('tasks.create', { epic_id, title: `${canary} 1` });
  const { id: task_id } = await session.ok<{ id: string }>('tasks.create', {
    epic_id,
    title: canary,
    tags: [canary],
    depends_on: [first],
    workflow_slug: flow.slug,
  });
  return { epic_id, task_id };
}

async function makeCredential({ session, canary }: Maker): Promise<Input> {
  const { id } = await session.ok<{ id: number }>('credentials.create', {
    name: canary,
    credential_type: 'llm',
    // Refused before anything is sent, so that no test depends on a network.
    detail: {
      provider_type: 'openai_compatible',
      api_key: 'sk-0123456789',
      base_url: 'http://127.0.0.1:9/v1',
    },
  });
  return { credential_id: id };
}

async function makeSandbox({ session, canary }: Maker): Promise<Input> {
  const { id } = await session.ok<{ id: number }>('sandboxes.create', {
    name: canary,
    env_vars: [{ key: 'CANARY', value: canary }],
  });
  return { sandbox_id: id };
}

async function makeBudget({ session, flow }: Maker): Promise<Input> {
  const { id } = await session.ok<{ id: number }>('budgets.put', {
    workflow_id: flow.workflowId,
    period: 'month',
    max_tokens: 1_000_000,
  });
  return { budget_id: id };
}

async function makeAgent({ session, canary }: Maker): Promise<Input> {
  const { id } = await session.ok<{ id: number }>('agents.create', { username: canary, purpose: canary });
  return { agent_id: id };
}

async function makeChat({ session, canary, flow }: Maker): Promise<Input> {
  const { page_id } = await session.ok<{ page_id: string }>('chat.savePage', {
    workflow_slug: flow.slug,
    enabled: true,
    title: canary,
  });
  const { thread_id } = await session.ok<{ thread_id: string }>('chat.createThread', {
    workflow_slug: flow.slug,
    title: canary,
  });
  return { page_id, thread_id };
}
