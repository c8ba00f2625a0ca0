import { createContext, useContext } from 'react';
import type { OutputOf } from '#contract/contract.ts';
import { NO_SAMPLE, type Sample } from '../inspector/suggestion.ts';

export type StoredRun = OutputOf<'executions', 'get'>;

/** The last run's values for suggestions. */
export const SampleContext = createContext<Sample>(NO_SAMPLE);
export const useSample = (): Sample => useContext(SampleContext);

/** What a stored run tells about the values at each node. */
export function sampleOf(run: StoredRun | undefined): Sample {
  if (!run) return NO_SAMPLE;
  const nodes: Record<string, unknown> = {};
  for (const log of run.logs) if (log.status === 'success') nodes[log.node_id] = log.output;
  return { trigger: run.trigger_payload, nodes };
}
