'use client';

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, httpLink, splitLink } from '@trpc/client';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { createElement, type ReactNode } from 'react';
import type { AppRouter } from '#contract/contract.ts';
import { isSignedOut, readProblem } from './problem.ts';

type SignedOut = () => void;
let signedOut: SignedOut = () => undefined;

/** Registers what happens when the session has ended (the screens go to the sign-in page). */
export function onSignedOut(handler: SignedOut): void {
  signedOut = handler;
}

function watch(error: unknown): void {
  if (isSignedOut(error)) signedOut();
}

const MAX_TRIES = 3;

/** Worth another try: nobody answered, or the server said it is not ready. A refusal stays a refusal. */
function worthRetrying(failures: number, error: unknown): boolean {
  return failures < MAX_TRIES && readProblem(error).code === 'offline';
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watch }),
  mutationCache: new MutationCache({ onError: watch }),
  defaultOptions: {
    queries: { staleTime: 5_000, retry: worthRetrying, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});

const url = '/trpc';
// Changes travel alone: one slow or refused change must not hold up another one's answer.
const links = [
  splitLink({
    condition: (op) => op.type === 'query',
    true: httpBatchLink({ url, maxURLLength: 4000, maxItems: 20 }),
    false: httpLink({ url }),
  }),
];

/** Calls by name: `await api.workflows.get.query({ workflow_slug })`. Read rejections with `readProblem`. */
export const api = createTRPCClient<AppRouter>({ links });

/** Options for TanStack Query: `useQuery(trpc.workflows.list.queryOptions({ q }))`. */
export const trpc = createTRPCOptionsProxy<AppRouter>({ client: api, queryClient });

/** Makes `useQuery` and `useMutation` work below it. */
export function ClientProvider({ children }: { children: ReactNode }) {
  return createElement(QueryClientProvider, { client: queryClient }, children);
}
