'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Check, UserCheck, X } from 'lucide-react';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { Button } from '#ui/button.tsx';
import { Card } from '#ui/card.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { Textarea } from '#ui/textarea.tsx';
import { toast } from '#ui/toast.tsx';

type Approval = OutputOf<'approvals', 'ofExecution'>['items'][number];

/** Others may answer meanwhile, and no event tells of an answer that does not decide yet. */
const REFRESH_MS = 4_000;

/** The questions an interrupted run asks, each with its buttons. Nothing when it asks none. */
export function ApprovalCards({ executionId }: { executionId: string }) {
  const asked = useQuery(
    trpc.approvals.ofExecution.queryOptions(
      { execution_id: executionId },
      { refetchInterval: REFRESH_MS, staleTime: 0 },
    ),
  );
  const open = asked.data?.items.filter((one) => one.state === 'open') ?? [];
  if (open.length === 0) return null;
  return (
    <div className="mb-5 flex flex-col gap-3">
      {open.map((approval) => (
        <ApprovalCard key={approval.id} approval={approval} />
      ))}
    </div>
  );
}

/** One question: approve, reject, and a few words with it. */
function ApprovalCard({ approval }: { approval: Approval }) {
  const [response, setResponse] = useState('');
  const { id: approval_id, execution_id } = approval;
  const decide = useMutation(
    trpc.approvals.resume.mutationOptions({
      onSuccess: ({ state }) =>
        toast.success(SAID[state] ?? 'Your approval counts; others are needed as well'),
      onSettled: () => refetch(execution_id),
    }),
  );
  const answer = (confirmed: boolean) => decide.mutate({ execution_id, approval_id, confirmed, response });
  const pending = (confirmed: boolean) => decide.isPending && decide.variables.confirmed === confirmed;
  return (
    <Card icon={<UserCheck />} title="Waiting for a decision" description={<Facts approval={approval} />}>
      <div className="flex max-w-3xl flex-col gap-3">
        <p className="max-h-60 overflow-y-auto border-l-2 border-accent pl-3 whitespace-pre-wrap break-words">
          {approval.prompt}
        </p>
        {decide.error ? <ErrorNotice compact title={readProblem(decide.error).message} /> : null}
        {approval.can_decide ? (
          <>
            <Field label="Response" optional>
              <Textarea rows={1} maxLength={10_000} value={response} onValueChange={setResponse} />
            </Field>
            <div className="flex flex-wrap gap-2">
              <Button
                variant="primary"
                icon={<Check />}
                loading={pending(true)}
                disabled={decide.isPending}
                onClick={() => answer(true)}
              >
                Approve
              </Button>
              <Button
                icon={<X />}
                loading={pending(false)}
                disabled={decide.isPending}
                onClick={() => answer(false)}
              >
                Reject
              </Button>
            </div>
          </>
        ) : (
          <p className="text-sm text-muted">{whoElse(approval)}</p>
        )}
      </div>
    </Card>
  );
}

const SAID: Partial<Record<Approval['state'], string>> = { approved: 'Approved', rejected: 'Rejected' };

function Facts({ approval: { node_id, scope, needed, given, expires_at } }: { approval: Approval }) {
  return (
    <span className="flex flex-wrap gap-x-4 gap-y-1">
      <span>
        Asked by <code className="font-mono text-xs">{scope === '' ? node_id : `${node_id} ${scope}`}</code>
      </span>
      {needed > 1 ? (
        <span>
          {given} of {needed} approvals
        </span>
      ) : null}
      {expires_at === null ? null : (
        <span>
          Ends <RelativeTime value={expires_at} />
        </span>
      )}
    </span>
  );
}

const whoElse = ({ approvers }: Approval): string =>
  approvers.length === 0 ? 'Somebody else has to answer.' : `This is for ${approvers.join(', ')} to answer.`;

function refetch(execution_id: string): void {
  for (const queryKey of [
    trpc.approvals.ofExecution.queryKey({ execution_id }),
    trpc.executions.get.queryKey({ execution_id }),
  ]) {
    void queryClient.invalidateQueries({ queryKey });
  }
}
