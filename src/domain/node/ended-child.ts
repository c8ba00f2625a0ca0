import { StepError } from './executor.ts';

/** The signal of a child run's end. */
export interface EndedChild {
  readonly execution_id: string;
  readonly status: string;
  /** `{ output }` when the run replied, else `{ node_outputs }`. */
  readonly output: unknown;
  readonly error: { readonly message?: string; readonly code?: string; readonly node?: string | null } | null;
}

/**
 * What a workflow gave back: what it replied, else the outputs of its last nodes by node id.
 * @throws StepError with the child's own code when it did not complete. Permanent, because the same child is asked
 * again by every attempt.
 */
export function childOutput(workflow: string, ended: EndedChild | undefined): unknown {
  if (!ended) throw new StepError('child_failed', `“${workflow}” ended without a word.`, { permanent: true });
  if (ended.status === 'completed') return resultOf(ended.output);
  const { code, message } = childFailure(workflow, ended);
  throw new StepError(code, message, { permanent: true });
}

export interface ChildFailure {
  readonly code: string;
  readonly message: string;
  readonly execution_id: string;
}

/** Why a child did not complete, in words that name it. */
export function childFailure(workflow: string, { execution_id, status, error }: EndedChild): ChildFailure {
  if (status === 'cancelled') {
    return {
      code: 'child_cancelled',
      message: `“${workflow}” was cancelled (run ${execution_id}).`,
      execution_id,
    };
  }
  const where = error?.node ? ` at “${error.node}”` : '';
  const why = error?.message ?? 'no reason was given';
  const message = `“${workflow}” failed${where}: ${why} (run ${execution_id})`;
  return { code: error?.code ?? 'child_failed', message, execution_id };
}

function resultOf(output: unknown): unknown {
  if (typeof output !== 'object' || output === null) return output ?? null;
  if (Object.hasOwn(output, 'output')) return (output as { output: unknown }).output;
  return Object.hasOwn(output, 'node_outputs') ? (output as { node_outputs: unknown }).node_outputs : output;
}
