import { z } from 'zod';
import { pageOf, paging } from '#domain/page.ts';
import { text } from '#domain/text.ts';
import { operation, rowId } from './operation.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');
const one = { execution_id: text(200) };

export const APPROVAL_STATES = ['open', 'approved', 'rejected', 'expired', 'ended'] as const;

/** A question a run puts to people, and how it stands. */
export const approvalOut = z
  .object({
    id: z.int(),
    execution_id: z.string(),
    workflow_slug: z.string(),
    workflow_name: z.string(),
    node_id: z.string(),
    scope: z.string().describe('Which repetition of a loop; empty outside loops.'),
    prompt: z.string(),
    approvers: z.array(z.string()).describe('Usernames and roles; empty: whoever may run the workflow.'),
    needed: z.int(),
    given: z.int().describe('How many people have approved so far.'),
    state: z.enum(APPROVAL_STATES).describe('`ended`: the run is over, so nobody is asked any more.'),
    created_at: time,
    expires_at: time.nullable(),
    decided_at: time.nullable(),
    response: z.string().nullable(),
    decided_by: z.string().nullable(),
    can_decide: z.boolean().describe('Whether you may answer now.'),
  })
  .meta({ id: 'Approval' });

export const approvals = {
  list: operation({
    method: 'get',
    path: '/approvals',
    status: 200,
    access: 'approval.read',
    summary: 'Questions that wait for your answer, oldest first',
    input: z.object(paging),
    output: pageOf(approvalOut),
  }),
  ofExecution: operation({
    method: 'get',
    path: '/executions/{execution_id}/approvals',
    status: 200,
    access: 'approval.read',
    summary: 'What a run asks people, or has asked them',
    input: z.object(one),
    output: z.object({ items: z.array(approvalOut) }),
  }),
  resume: operation({
    method: 'post',
    path: '/executions/{execution_id}/resume',
    status: 200,
    access: 'execution.run',
    summary: 'Approve or reject what a run waits for',
    input: z.object({
      ...one,
      approval_id: rowId.nullish().describe('Where several questions are open: which one.'),
      confirmed: z.boolean(),
      response: text(10_000).nullish(),
      node_id: text(64).nullish().describe('Needed when several steps of the run ask.'),
      scope: text(500).nullish().describe('Needed when several repetitions of that step ask.'),
    }),
    output: approvalOut,
  }),
} as const;
