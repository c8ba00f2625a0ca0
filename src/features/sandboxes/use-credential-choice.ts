'use client';

import { useQuery } from '@tanstack/react-query';
import { trpc } from '#client/trpc.ts';

/** Credentials to choose from. */
export interface CredentialChoice {
  readonly items: readonly { value: string; label: string; description: string; type: string }[];
  readonly loading: boolean;
}

const MOST = 200;

export function useCredentialChoice(): CredentialChoice {
  const list = useQuery(trpc.credentials.list.queryOptions({ limit: MOST, sort: 'name' }));
  const items = (list.data?.items ?? []).map(({ id, name, credential_type: type }) => ({
    value: String(id),
    label: name,
    description: type,
    type,
  }));
  return { items, loading: list.isPending };
}
