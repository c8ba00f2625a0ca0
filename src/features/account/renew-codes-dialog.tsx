'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { trpc } from '#client/trpc.ts';
import { ProofDialog } from './proof-dialog.tsx';
import { RecoveryCodesDialog } from './recovery-codes.tsx';

/** New recovery codes for a code of the app; the old ones stop working. */
export function RenewCodesDialog({ onClose }: { onClose: () => void }) {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const renew = useMutation(
    trpc.mfa.renewRecoveryCodes.mutationOptions({
      onSuccess: ({ recovery_codes }) => setCodes(recovery_codes),
    }),
  );
  if (codes) return <RecoveryCodesDialog title="Your new recovery codes" codes={codes} onClose={onClose} />;
  return (
    <ProofDialog
      title="New recovery codes"
      description="The codes you have now stop working at once."
      confirmLabel="Make new codes"
      busy={renew.isPending}
      error={renew.error}
      onSend={({ code = '', password }) =>
        renew.mutate({ code, ...(password !== undefined && { password }) })
      }
      onClose={onClose}
    />
  );
}
