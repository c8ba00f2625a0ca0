'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { nodeTitle } from '#domain/graph/graph.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Spinner } from '#ui/spinner.tsx';
import { Textarea } from '#ui/textarea.tsx';
import { toast } from '#ui/toast.tsx';
import { useDocument, useEditor, useLayout, useRun } from '../editor-context.ts';
import { compareScopes, scopeTitle } from './scope.ts';

type Question = OutputOf<'approvals', 'ofExecution'>['items'][number];

/** The question a waiting step of the shown run asks, with the two answers to it. */
export function AnswerDialog() {
  const { layout } = useEditor();
  const node = useLayout((state) => state.answering);
  const executionId = useRun((run) => run.executionId);
  if (node === null || executionId === null) return null;
  return (
    <OpenDialog
      key={`${executionId} ${node}`}
      executionId={executionId}
      node={node}
      onClose={() => layout.setState({ answering: null })}
    />
  );
}

interface OpenDialogProps {
  executionId: string;
  node: string;
  onClose: () => void;
}

function OpenDialog({ executionId, node, onClose }: OpenDialogProps) {
  const title = useDocument((doc) => nodeTitle(doc.nodes.get(node) ?? { label: null, id: node }));
  const all = useQuery(
    trpc.approvals.ofExecution.queryOptions({ execution_id: executionId }, { staleTime: 0 }),
  );
  const open = (all.data?.items ?? [])
    .filter((one) => one.node_id === node && one.state === 'open')
    .sort((a, b) => compareScopes(a.scope, b.scope));
  const [response, setResponse] = useState('');
  const [question] = open;
  const answer = useAnswer(executionId, () => {
    setResponse('');
    if (open.length <= 1) onClose();
  });
  const decide = (confirmed: boolean): void => {
    if (!question) return;
    const { node_id, scope } = question;
    answer.mutate({
      execution_id: executionId,
      confirmed,
      node_id,
      ...(scope !== '' && { scope }),
      ...(response.trim() !== '' && { response: response.trim() }),
    });
  };
  const blocked = !question?.can_decide || answer.isPending;
  return (
    <Dialog
      open
      onOpenChange={(next) => next || onClose()}
      title={title}
      description={open.length > 1 ? `${open.length} questions wait here.` : undefined}
      footer={
        <>
          <Button variant="danger" disabled={blocked} onClick={() => decide(false)}>
            Reject
          </Button>
          <Button
            variant="primary"
            disabled={blocked}
            loading={answer.isPending}
            onClick={() => decide(true)}
          >
            Approve
          </Button>
        </>
      }
    >
      {all.isPending ? <Spinner label="Loading the question" /> : null}
      {all.error ? (
        <ErrorNotice
          compact
          title="The question could not be loaded"
          description={readProblem(all.error).message}
          onRetry={() => void all.refetch()}
        />
      ) : null}
      {all.data && !question ? (
        <p className="text-sm text-muted">Nothing waits for an answer here any more.</p>
      ) : null}
      {question ? (
        <div className="flex flex-col gap-4">
          <QuestionText question={question} />
          <Field label="Answer in words" optional>
            <Textarea value={response} onValueChange={setResponse} rows={2} maxLength={10_000} />
          </Field>
        </div>
      ) : null}
    </Dialog>
  );
}

function QuestionText({ question }: { question: Question }) {
  const { approvers, needed, given, expires_at } = question;
  return (
    <div className="flex flex-col gap-1.5">
      {question.scope === '' ? null : <p className="text-xs text-subtle">{scopeTitle(question.scope)}</p>}
      <p className="text-base break-words whitespace-pre-wrap">{question.prompt}</p>
      <ul className="text-xs text-subtle">
        {needed > 1 ? (
          <li>
            {given} of {needed} people have approved; one who rejects is enough to reject.
          </li>
        ) : null}
        {approvers.length > 0 ? <li>May be answered by {approvers.join(', ')}.</li> : null}
        {expires_at ? <li>Open until {new Date(expires_at).toLocaleString()}.</li> : null}
      </ul>
      {question.can_decide ? null : (
        <ErrorNotice
          compact
          tone="info"
          title="You cannot answer this question"
          description="Somebody else has to."
        />
      )}
    </div>
  );
}

function useAnswer(executionId: string, onDone: () => void) {
  const client = useQueryClient();
  const queryKey = trpc.approvals.ofExecution.queryKey({ execution_id: executionId });
  return useMutation(
    trpc.approvals.resume.mutationOptions({
      onSuccess: onDone,
      onError: (error) =>
        void toast.error('The answer was not taken', { description: readProblem(error).message }),
      onSettled: () => client.invalidateQueries({ queryKey }),
    }),
  );
}
