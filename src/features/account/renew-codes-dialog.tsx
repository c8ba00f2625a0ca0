'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { ProofDialog } from './proof-dialog.tsx';
import { RecoveryCodes, SAVE_CODES } from './recovery-codes.tsx';

/** New recovery codes for a code of the app; the old ones stop working. */
export function RenewCodesDialog({ onClose }: { onClose: () => void }) {
  const [saved, setSaved] = useState(false);
  const renew = useMutation(trpc.mfa.renewRecoveryCodes.mutationOptions());
  const codes = renew.data?.recovery_codes;
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
      outcome={
        codes && {
          title: 'Your new recovery codes',
          description: SAVE_CODES,
          body: <RecoveryCodes codes={codes} saved={saved} onSaved={setSaved} />,
          footer: (
            <Button variant="primary" disabled={!saved} onClick={onClose}>
              Done
            </Button>
          ),
        }
      }
    />
  );
}
