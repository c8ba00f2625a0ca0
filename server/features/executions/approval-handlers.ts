import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { type HandlersOf, signedIn, type Viewer } from '../handler.ts';
import { CLOSED, castVote } from './approval-decision.ts';
import { type ApprovalRow, approvalOutOf, approvalsOf, listOpen, stateOf } from './approval-store.ts';
import { findExecution } from './store.ts';

type Approvals = HandlersOf<Contract['approvals']>;

export function approvalHandlers(db: Db): Approvals {
  return {
    list: (context, input) => listOpen(db, signedIn(context), input),
    ofExecution: async (context, { execution_id }) => {
      const viewer = signedIn(context);
      const { id } = await findExecution(db, viewer, execution_id);
      return { items: (await approvalsOf(db, viewer, id)).map(approvalOutOf) };
    },
    resume: async (context, input) => {
      const viewer = signedIn(context);
      const { id } = await findExecution(db, viewer, input.execution_id);
      const approval = chosen(await approvalsOf(db, viewer, id), input);
      refuseStranger(approval, viewer);
      await refuseProgram(db, viewer);
      await db.transaction().execute((trx) =>
        castVote(trx, {
          approvalId: approval.id,
          voter: viewer.username,
          userId: viewer.userId,
          confirmed: input.confirmed,
          response: input.response ?? '',
        }),
      );
      const [after] = (await approvalsOf(db, viewer, id)).filter((one) => one.id === approval.id);
      return approvalOutOf(after ?? approval);
    },
  };
}

interface Choice {
  readonly approval_id?: number | null | undefined;
  readonly node_id?: string | null | undefined;
  readonly scope?: string | null | undefined;
}

/** @throws AppError `conflict` when nothing asks (any more), `invalid` when it has to be said which one is meant. */
function chosen(approvals: readonly ApprovalRow[], choice: Choice): ApprovalRow {
  const meant = approvals.filter((one) => isMeant(one, choice));
  const open = meant.filter((one) => stateOf(one) === 'open');
  const [only, other] = open;
  if (only && !other) return only;
  if (only && other) throw several(open);
  const last = meant.at(-1);
  const state = last && stateOf(last);
  throw new AppError('conflict', state && state !== 'open' ? CLOSED[state] : 'This run waits for nobody.');
}

const isMeant = (one: ApprovalRow, { approval_id, node_id, scope }: Choice): boolean =>
  (approval_id == null || Number(one.id) === approval_id) &&
  (node_id == null || one.node_id === node_id) &&
  (scope == null || one.scope === scope);

/** Says by which field the questions differ. */
function several(open: readonly ApprovalRow[]): AppError {
  const [field, places] = (
    [
      ['node_id', open.map((one) => one.node_id)],
      ['scope', open.map((one) => `“${one.scope}”`)],
    ] as const
  ).find(([, all]) => new Set(all).size > 1) ?? ['approval_id', open.map((one) => String(one.id))];
  const msg = `Several steps ask. Say which one: ${[...new Set(places)].join(', ')}.`;
  return new AppError('invalid', [{ type: 'missing', loc: ['body', field], msg }]);
}

/** @throws AppError `forbidden` */
function refuseStranger(approval: ApprovalRow, viewer: Viewer): void {
  if (approval.self && approval.started_by === viewer.userId) {
    throw new AppError('forbidden', 'You may not decide this: you started the run yourself.');
  }
  if (approval.approver) return;
  const who = approval.approvers.length > 0 ? ` Ask ${approval.approvers.join(', ')}.` : '';
  throw new AppError('forbidden', `You may not decide this.${who}`);
}

/** An agent with an account of its own could otherwise answer the question that holds it back. @throws AppError `forbidden` */
async function refuseProgram(db: Db, { userId }: Viewer): Promise<void> {
  const user = await db.selectFrom('users').select('kind').where('id', '=', userId).executeTakeFirst();
  if (user?.kind === 'agent') throw new AppError('forbidden', 'Questions of runs are answered by people.');
}
