import type { Executor } from '#domain/node/executor.ts';
import { type definition, UNIT_MS } from './definition.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }, { now }) => {
  const outputs = { output: inputs.input ?? null };
  const pauseMs = config.duration * UNIT_MS[config.unit];
  if (pauseMs === 0) return { kind: 'done', outputs };
  return { kind: 'wait', until: now() + pauseMs, outputs };
};
