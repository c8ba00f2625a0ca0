'use client';

import { useQuery } from '@tanstack/react-query';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';
import { Card } from '#ui/card.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { SkeletonText } from '#ui/skeleton.tsx';
import { DisableMfaDialog } from './disable-mfa-dialog.tsx';
import { EnrolMfaDialog } from './enrol-mfa-dialog.tsx';
import { RenewCodesDialog } from './renew-codes-dialog.tsx';

type Open = 'enrol' | 'renew' | 'disable' | null;
type MfaStatus = OutputOf<'mfa', 'status'>;

/** With fewer left it is time for new ones. */
const FEW_CODES = 3;

/** Two-step sign-in: whether it is on, and the ways to turn it on, off and renew its recovery codes. */
export function MfaCard() {
  const status = useQuery(trpc.mfa.status.queryOptions({}));
  const [open, setOpen] = useState<Open>(null);
  const close = () => {
    setOpen(null);
    void refresh();
  };
  return (
    <>
      <Card
        title={
          <span className="flex flex-wrap items-center gap-2">
            Two-step sign-in
            {status.data ? <StatusBadge on={status.data.mfa_enabled} /> : null}
          </span>
        }
        description="After the password, signing in asks for a code that an app on your phone shows."
        footer={status.data ? <Commands on={status.data.mfa_enabled} onOpen={setOpen} /> : undefined}
      >
        {status.error && !status.data ? (
          <ErrorNotice
            compact
            title="Whether it is on could not be found out"
            description={readProblem(status.error).message}
            onRetry={() => void status.refetch()}
          />
        ) : status.data === undefined ? (
          <SkeletonText lines={1} />
        ) : (
          <CodesLeft status={status.data} />
        )}
      </Card>
      {open === 'enrol' ? <EnrolMfaDialog onClose={close} /> : null}
      {open === 'renew' ? <RenewCodesDialog onClose={close} /> : null}
      {open === 'disable' ? <DisableMfaDialog onClose={close} /> : null}
    </>
  );
}

/** What depends on the second factor, and on who is signed out by changing it. */
const refresh = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: trpc.mfa.status.queryKey() }),
    queryClient.invalidateQueries({ queryKey: trpc.auth.me.queryKey() }),
    queryClient.invalidateQueries({ queryKey: trpc.sessions.list.queryKey() }),
  ]);

function StatusBadge({ on }: { on: boolean }) {
  return (
    <Badge tone={on ? 'success' : 'neutral'} icon={on ? <ShieldCheck /> : <ShieldAlert />}>
      {on ? 'On' : 'Off'}
    </Badge>
  );
}

function Commands({ on, onOpen }: { on: boolean; onOpen: (open: Open) => void }) {
  if (!on) {
    return (
      <Button variant="primary" onClick={() => onOpen('enrol')}>
        Turn on
      </Button>
    );
  }
  return (
    <>
      <Button onClick={() => onOpen('renew')}>New recovery codes</Button>
      <Button onClick={() => onOpen('disable')}>Turn off</Button>
    </>
  );
}

function CodesLeft({ status: { mfa_enabled, recovery_codes_left } }: { status: MfaStatus }): ReactNode {
  if (!mfa_enabled) {
    return (
      <p className="text-sm text-muted">
        A stolen password alone is then not enough. You need an authenticator app, such as Aegis, 1Password or
        Google Authenticator.
      </p>
    );
  }
  const codes = recovery_codes_left === 1 ? 'recovery code is' : 'recovery codes are';
  if (recovery_codes_left <= FEW_CODES) {
    return (
      <ErrorNotice
        compact
        tone="warning"
        title={`${recovery_codes_left === 0 ? 'No' : recovery_codes_left} ${codes} left`}
        description="Without one, a lost phone locks you out. Make new ones."
      />
    );
  }
  return (
    <p className="text-sm text-muted">
      {recovery_codes_left} {codes} left. Each signs you in once when your phone is not at hand.
    </p>
  );
}
