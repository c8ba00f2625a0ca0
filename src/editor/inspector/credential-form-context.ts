import { createContext, type ReactNode } from 'react';
import type { CredentialUse } from '#domain/credential/kind.ts';

export interface CredentialFormRequest {
  /** What the credential has to be able to do. */
  readonly use: CredentialUse | undefined;
  readonly onClose: () => void;
  readonly onSaved: (credential: { readonly id: number }) => void;
}

/** The page's form for a new credential; null where it has none. The editor itself knows nothing of it. */
export const CredentialFormContext = createContext<((request: CredentialFormRequest) => ReactNode) | null>(
  null,
);
