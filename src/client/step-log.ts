'use client';

import { useQuery } from '@tanstack/react-query';
import type { OutputOf } from '#contract/contract.ts';
import { api } from './trpc.ts';

export type StepLog = OutputOf<'executions', 'logs'>['items'][number];

/** Which step is asked for, and what is known of it already. */
export interface StepPlace {
  readonly run: {
    readonly execution_id: string;
    readonly logs: readonly StepLog[];
    readonly logs_truncated: boolean;
  };
  readonly nodeId: string;
  /** One repetition of a loop; empty outside loops. */
  readonly scope: string;
  /** How the step stands; what there is to read changes with it. */
  readonly state: string;
  /** Whether the run has ended. */
  readonly over: boolean;
}

export interface StepLogs {
  /** By attempt. */
  readonly attempts: readonly StepLog[];
  readonly loading: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

/** A step is tried far less often than this. */
const MOST_ATTEMPTS = 200;

/** The attempts of one step: out of the run where it holds them, else fetched, so that no repetition is out of reach. */
export function useStepLogs({ run, nodeId, scope, state, over }: StepPlace): StepLogs {
  const known = run.logs.filter((log) => log.node_id === nodeId && log.scope === scope);
  const complete = over && !run.logs_truncated && known.length > 0;
  const { execution_id } = run;
  const fetched = useQuery({
    queryKey: ['step-log', execution_id, nodeId, scope, state],
    queryFn: ({ signal }) =>
      api.executions.logs.query({ execution_id, node_id: nodeId, scope, limit: MOST_ATTEMPTS }, { signal }),
    enabled: !complete,
    staleTime: over ? Number.POSITIVE_INFINITY : 0,
  });
  const found = complete ? undefined : fetched.data?.items;
  return {
    attempts: found && found.length > 0 ? found : known,
    loading: !complete && fetched.isPending && known.length === 0,
    error: complete || known.length > 0 ? null : fetched.error,
    retry: () => void fetched.refetch(),
  };
}

type Part = OutputOf<'executions', 'stepValue'>;

/** Reads a part of a step's value that was too large to be sent with the rest. */
export function partReader(executionId: string, of: { step: number; side: 'input' | 'output' }) {
  const place = { execution_id: executionId, step_id: of.step, side: of.side };
  return reader((part) => api.executions.stepValue.query({ ...place, ...part }));
}

/** The same for what the run was given or gave. */
export function runPartReader(executionId: string, side: 'output' | 'trigger') {
  return reader((part) => api.executions.value.query({ execution_id: executionId, side, ...part }));
}

const ENTRIES = 100;
const CHARACTERS = 20_000;

function reader(query: (part: { path: string; offset: number; limit: number }) => Promise<Part>) {
  return async (path: string, offset: number): Promise<Part> => {
    const part = await query({ path, offset, limit: ENTRIES });
    // Whether it is a text is known only now, and a hundred characters are next to nothing.
    return part.kind === 'text' ? query({ path, offset, limit: CHARACTERS }) : part;
  };
}
