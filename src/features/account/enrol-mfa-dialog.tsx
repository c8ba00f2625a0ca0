'use client';

import { useMutation } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Skeleton, SkeletonText } from '#ui/skeleton.tsx';
import { EnrolCode } from './enrol-code.tsx';
import { PasswordPrompt, submitting } from './password-prompt.tsx';
import { needsPassword } from './reauth.ts';
import { RecoveryCodesDialog } from './recovery-codes.tsx';

/** Turns two-step sign-in on: a secret for the app, a first code as proof, then the recovery codes. */
export function EnrolMfaDialog({ onClose }: { onClose: () => void }) {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const setup = useMutation(trpc.mfa.setup.mutationOptions());
  const { mutate } = setup;
  const begun = useRef(false);
  useEffect(() => {
    // Every call makes another secret, so that effects run twice in development must not.
    if (begun.current) return;
    begun.current = true;
    mutate({});
  }, [mutate]);
  if (codes) return <RecoveryCodesDialog title="Two-step sign-in is on" codes={codes} onClose={onClose} />;
  if (setup.data) {
    return (
      <EnrolCode
        secret={setup.data.secret}
        uri={setup.data.provisioning_uri}
        onCodes={setCodes}
        onClose={onClose}
      />
    );
  }
  const asked = setup.variables?.password !== undefined;
  if (asked || needsPassword(setup.error)) {
    return (
      <AskPassword
        busy={setup.isPending}
        fault={asked && setup.error ? readProblem(setup.error).message : ''}
        onSend={(password) => setup.mutate({ password })}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Turn on two-step sign-in"
      footer={<Button onClick={onClose}>Cancel</Button>}
    >
      {setup.error ? (
        <ErrorNotice title={readProblem(setup.error).message} onRetry={() => setup.mutate({})} />
      ) : (
        <div className="flex flex-col items-center gap-4">
          <Skeleton className="size-46 rounded-lg" />
          <SkeletonText lines={3} className="w-full" />
        </div>
      )}
    </Dialog>
  );
}

interface AskPasswordProps {
  busy: boolean;
  fault: string;
  onSend: (password: string) => void;
  onClose: () => void;
}

function AskPassword({ busy, fault, onSend, onClose }: AskPasswordProps) {
  const form = useId();
  const [password, setPassword] = useState('');
  const [empty, setEmpty] = useState(false);
  const send = () => {
    setEmpty(password === '');
    if (password !== '') onSend(password);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      size="sm"
      title="Turn on two-step sign-in"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" loading={busy}>
            Continue
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submitting(send)} noValidate>
        <PasswordPrompt
          autoFocus
          value={password}
          onValueChange={setPassword}
          error={empty ? 'Enter your password.' : fault}
        />
      </form>
    </Dialog>
  );
}
