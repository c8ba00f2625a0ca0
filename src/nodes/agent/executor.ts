import { runAgent } from '#domain/agent/run.ts';
import type { Executor } from '#domain/node/executor.ts';
import type { definition } from './definition.ts';

export const execute: Executor<typeof definition> = (input, capabilities) => runAgent(input, capabilities);
