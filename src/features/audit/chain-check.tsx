'use client';

import { useMutation } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { readProblem } from '#client/problem.ts';
import { api } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { Button } from '#ui/button.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';

type Verdict = OutputOf<'audit', 'verify'>;

const REASONS: Readonly<Record<NonNullable<Verdict['broken']>['reason'], string>> = {
  missing: 'An entry is missing: somebody removed it from the database.',
  changed: 'An entry was changed after it was written.',
  unchained: 'An entry was never bound to the one before it.',
  head: 'The newest entry is not the one that was noted.',
};

/** A button that computes the log's chain of hashes again, and below it what came out. */
export function ChainCheck({ children }: { children: (button: ReactNode) => ReactNode }) {
  const check = useMutation({ mutationFn: () => api.audit.verify.query({}) });
  return (
    <>
      {children(
        <Button icon={<ShieldCheck />} loading={check.isPending} onClick={() => check.mutate()}>
          Check for tampering
        </Button>,
      )}
      {check.error ? (
        <ErrorNotice
          title="The log could not be checked"
          description={readProblem(check.error).message}
          onRetry={() => check.mutate()}
        />
      ) : null}
      {check.data ? <VerdictNotice verdict={check.data} /> : null}
    </>
  );
}

function VerdictNotice({ verdict }: { verdict: Verdict }) {
  const { broken, checked, pruned } = verdict;
  if (broken === null) {
    const entries = `${checked.toLocaleString('en')} ${checked === 1 ? 'entry' : 'entries'}`;
    return (
      <ErrorNotice
        tone="info"
        title={`The log is whole: ${entries} checked.`}
        description={
          pruned > 0 ? `${pruned.toLocaleString('en')} older ones were removed on schedule.` : undefined
        }
      />
    );
  }
  return (
    <ErrorNotice
      title={`The log was tampered with at entry ${broken.id}`}
      description={`${REASONS[broken.reason]} Compare with a backup of the database and ask who had access to it.`}
    />
  );
}
