import type { Executor } from '#domain/node/executor.ts';
import type { definition } from './definition.ts';

const MEMORY_MB = 64;

export const execute: Executor<typeof definition> = async (step, capabilities) => {
  const { value, logs } = await capabilities.code({
    language: step.config.language,
    source: step.config.code,
    globals: {
      input: step.inputs.input ?? null,
      inputs: step.inputs,
      trigger: step.trigger,
      nodes: step.nodes,
      loop: step.loop,
    },
    timeoutMs: step.config.timeout_ms,
    memoryMb: MEMORY_MB,
  });
  for (const line of logs) capabilities.log(line);
  return { kind: 'done', outputs: { output: value ?? null } };
};
