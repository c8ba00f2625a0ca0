'use client';

import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Skeleton, SkeletonText } from '#ui/skeleton.tsx';
import { EnrolCode } from './enrol-code.tsx';
import { EnrolPassword } from './enrol-password.tsx';
import { needsPassword } from './reauth.ts';
import { RecoveryCodes, SAVE_CODES } from './recovery-codes.tsx';

/**
 * Turns two-step sign-in on: a secret for the app, a first code as proof, then the recovery codes. It is one dialog
 * throughout, so that the focus never leaves it between the steps.
 */
export function EnrolMfaDialog({ onClose }: { onClose: () => void }) {
  const form = useId();
  const [saved, setSaved] = useState(false);
  const setup = useSetup();
  const verify = useMutation(trpc.mfa.verify.mutationOptions());
  const codes = verify.data?.recovery_codes;
  if (codes) {
    return (
      <Steps
        codes={codes}
        onClose={onClose}
        footer={
          <Button variant="primary" disabled={!saved} onClick={onClose}>
            Done
          </Button>
        }
      >
        <RecoveryCodes codes={codes} saved={saved} onSaved={setSaved} />
      </Steps>
    );
  }
  const { data: begun, error } = setup;
  const asked = setup.variables?.password !== undefined;
  const askPassword = !begun && (asked || needsPassword(error));
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button
        type="submit"
        form={form}
        variant="primary"
        disabled={!begun && !askPassword}
        loading={verify.isPending || (asked && setup.isPending)}
      >
        {askPassword ? 'Continue' : 'Turn on'}
      </Button>
    </>
  );
  return (
    <Steps onClose={onClose} footer={footer}>
      {begun ? (
        <EnrolCode
          form={form}
          secret={begun.secret}
          uri={begun.provisioning_uri}
          busy={verify.isPending}
          error={verify.error}
          onCode={(code) => verify.mutate({ code })}
        />
      ) : askPassword ? (
        <EnrolPassword
          form={form}
          fault={asked && error ? readProblem(error).message : ''}
          onPassword={(password) => setup.mutate({ password })}
        />
      ) : error ? (
        <ErrorNotice title={readProblem(error).message} onRetry={() => setup.mutate({})} />
      ) : (
        <div className="flex flex-col items-center gap-4">
          <Skeleton className="size-46 rounded-lg" />
          <SkeletonText lines={3} className="w-full" />
        </div>
      )}
    </Steps>
  );
}

interface StepsProps {
  codes?: readonly string[];
  footer: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

function Steps({ codes, footer, onClose, children }: StepsProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      dismissible={codes === undefined}
      title={codes ? 'Two-step sign-in is on' : 'Turn on two-step sign-in'}
      description={codes ? SAVE_CODES : undefined}
      footer={footer}
    >
      {children}
    </Dialog>
  );
}

/** Asks for a secret once the dialog is there. */
function useSetup() {
  const setup = useMutation(trpc.mfa.setup.mutationOptions());
  const { mutate } = setup;
  const begun = useRef(false);
  useEffect(() => {
    // Every call makes another secret, so that effects run twice in development must not.
    if (begun.current) return;
    begun.current = true;
    mutate({});
  }, [mutate]);
  return setup;
}
