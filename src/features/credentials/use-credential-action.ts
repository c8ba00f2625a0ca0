'use client';

import { useMutation } from '@tanstack/react-query';
import { readProblem } from '#client/problem.ts';
import { api, queryClient, trpc } from '#client/trpc.ts';
import { toast } from '#ui/toast.tsx';
import type { Credential, TestResult } from './credential.ts';
import { testAdvice } from './test-advice.ts';

/** Everything on the screen that tells of credentials is asked for again. */
export const refetchCredentials = (): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: trpc.credentials.pathKey() });

/** The message of a failed test; the gateway’s own words where there is nothing else. */
export const testMessage = ({ error, detail }: TestResult): string =>
  error !== '' ? error : typeof detail === 'string' ? `The credential was ${detail}.` : 'It does not work.';

/** Tries a credential on its provider and says how that went. */
export function useTest() {
  return useMutation({
    mutationFn: ({ id }: Pick<Credential, 'id' | 'name'>) =>
      api.credentials.test.mutate({ credential_id: id }),
    onSuccess: (result, { name }) => {
      if (result.ok) toast.success(`“${name}” works`);
      else {
        const message = testMessage(result);
        toast.error(`“${name}” failed its test`, {
          description: [message, testAdvice(message)].filter((text) => text !== '').join(' '),
          duration: 10_000,
        });
      }
    },
    onError: (error, { name }) =>
      toast.error(`“${name}” could not be tested`, { description: readProblem(error).message }),
    onSettled: () => refetchCredentials(),
  });
}

/** Marks a tool as the one to prefer, or takes that back; shown at once, and undone when it is refused. */
export function useStar() {
  return useMutation({
    mutationFn: ({ id, on }: { readonly id: number; readonly on: boolean }) =>
      api.credentials.update.mutate({ credential_id: id, detail: { is_preferred: on } }),
    onError: (error) => toast.error('That could not be saved', { description: readProblem(error).message }),
    onSettled: () => refetchCredentials(),
  });
}

/** Has the message gateway listen with a credential, or stop. */
export function useSwitch() {
  return useMutation({
    mutationFn: ({
      id,
      action,
    }: Pick<Credential, 'id' | 'name'> & { readonly action: 'activate' | 'deactivate' }) =>
      api.credentials[action].mutate({ credential_id: id }),
    onSuccess: (_answer, { name, action }) =>
      toast.success(action === 'activate' ? `“${name}” listens now` : `“${name}” listens no more`),
    onError: (error, { name, action }) =>
      toast.error(`Could not ${action} “${name}”`, { description: readProblem(error).message }),
    onSettled: () => refetchCredentials(),
  });
}
