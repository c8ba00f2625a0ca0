import { createHash, randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { type ApprovalLink, type ApprovalRequest, type Awaited, StepError } from '#domain/node/executor.ts';
import { sourceOf } from '#domain/node/signal-source.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import type { StepPlace } from '#server/engine/interface.ts';

/** The signal of the answer to a question. */
export const approvalSource = (call: string): string => sourceOf('approval', call);

/** How the secrets of addresses are stored. They are random enough that a fast hash is safe. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();
/** 256 random bits, safe in an address. */
export const newToken = (): string => randomBytes(32).toString('base64url');

export type AskApproval = (
  place: StepPlace,
  request: ApprovalRequest,
) => Promise<Awaited & { links: readonly ApprovalLink[] }>;

/** Told of every question within the transaction that asks it. `expiresAt` is null where it has no limit. */
export type Asked = (
  trx: Kysely<Database>,
  question: { readonly approvalId: string; readonly rootId: string; readonly expiresAt: number | null },
) => Promise<unknown>;

/**
 * Puts questions of steps to people. The same step asking again asks the same question; its links are made anew.
 * Rejects with StepError `no_approver` when there are not as many people who may answer as are needed.
 */
export function createApprovalRequests(
  db: Db,
  publicUrl: string,
  asked: Asked = async () => null,
): AskApproval {
  return (place, request) =>
    db.transaction().execute(async (trx) => {
      const call = callOf(place, request);
      const source = approvalSource(call);
      const id = await keepQuestion(trx, { ...place, call }, request);
      await asked(trx, { approvalId: id, rootId: place.rootId, expiresAt: request.expiresAt });
      if (request.withLinks) {
        return { source, links: await makeLinks(trx, { id, request, publicUrl }) };
      }
      await refuseUnanswerable(trx, place, request);
      return { source, links: [] };
    });
}

/** A step asks for itself, or before calls of tools; tools may ask on their own. */
const callOf = ({ call }: StepPlace, { call: about = '' }: ApprovalRequest): string =>
  [call, about].filter((part) => part !== '').join('/');

async function keepQuestion(
  trx: Kysely<Database>,
  { executionId, node, scope, call, environmentId, workflowId }: StepPlace,
  { prompt, approvers, needed, allowSelf, expiresAt }: ApprovalRequest,
): Promise<string> {
  const row = await trx
    .insertInto('approvals')
    .values({
      execution_id: executionId,
      node_id: node,
      scope,
      call,
      environment_id: environmentId,
      workflow_id: workflowId,
      started_by: (eb) => eb.selectFrom('executions').select('started_by').where('id', '=', executionId),
      prompt,
      approvers: [...approvers],
      needed,
      allow_self: allowSelf,
      expires_at: expiresAt === null ? null : new Date(expiresAt),
    })
    // Nobody has seen the first asking of a step that asks again: the new time limit is the one that counts.
    .onConflict((on) =>
      on
        .columns(['execution_id', 'node_id', 'scope', 'call'])
        .doUpdateSet((eb) => ({ expires_at: eb.ref('excluded.expires_at') })),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

interface LinkOrder {
  readonly id: string;
  readonly request: ApprovalRequest;
  readonly publicUrl: string;
}

async function makeLinks(trx: Kysely<Database>, order: LinkOrder): Promise<ApprovalLink[]> {
  const { id, request, publicUrl } = order;
  const holders =
    request.approvers.length > 0
      ? request.approvers
      : Array.from({ length: request.needed }, (_, index) => `link ${index + 1}`);
  await trx.deleteFrom('approval_links').where('approval_id', '=', id).where('used_at', 'is', null).execute();
  const made = holders.map((holder) => ({ holder, token: newToken() }));
  await trx
    .insertInto('approval_links')
    .values(made.map(({ holder, token }) => ({ token_hash: tokenHash(token), approval_id: id, holder })))
    .execute();
  return made.map(({ holder, token }) => ({ holder, url: `${publicUrl}/approve/${token}` }));
}

/** A question nobody can answer would wait for ever. */
async function refuseUnanswerable(
  trx: Kysely<Database>,
  { environmentId, executionId }: StepPlace,
  { approvers, needed, allowSelf }: ApprovalRequest,
): Promise<void> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct u.id)::int as count
    from users u left join memberships m on m.user_id = u.id and m.environment_id = ${environmentId}
    where u.disabled_at is null and u.kind <> 'agent' and (u.role = 'admin' or m.role is not null)
      and (case when ${approvers.length} = 0 then u.role = 'admin' or m.role <> 'viewer'
        else array[u.username, u.role, m.role]::text[] && ${approvers}::text[] end)
      and (${allowSelf} or u.id is distinct from (select started_by from executions where id = ${executionId}))
  `.execute(trx);
  const count = rows[0]?.count ?? 0;
  if (count >= needed) return;
  const who = count === 0 ? 'nobody' : count === 1 ? 'only one person' : `only ${count} people`;
  const named = approvers.length > 0 ? ` (“Who decides” says ${approvers.join(', ')})` : '';
  const message = `${needed === 1 ? 'One approval is' : `${needed} approvals are`} needed, but ${who} here may give it${named}. Correct the node's form.`;
  throw new StepError('no_approver', message, { permanent: true });
}
