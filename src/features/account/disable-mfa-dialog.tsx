'use client';

import { useMutation } from '@tanstack/react-query';
import { trpc } from '#client/trpc.ts';
import { toast } from '#ui/toast.tsx';
import { ProofDialog } from './proof-dialog.tsx';

/** Turns two-step sign-in off, for a code or a recovery code. */
export function DisableMfaDialog({ onClose }: { onClose: () => void }) {
  const disable = useMutation(
    trpc.mfa.disable.mutationOptions({
      onSuccess: () => {
        onClose();
        toast.success('Two-step sign-in is off', { description: 'You were signed out everywhere else.' });
      },
    }),
  );
  return (
    <ProofDialog
      title="Turn off two-step sign-in"
      description="Your password alone will sign you in again. The recovery codes stop working."
      confirmLabel="Turn off"
      danger
      recovery
      busy={disable.isPending}
      error={disable.error}
      onSend={(proof) => disable.mutate(proof)}
      onClose={onClose}
    />
  );
}
