import type { Executor } from '#domain/node/executor.ts';
import type { definition } from './definition.ts';

export const execute: Executor<typeof definition> = async ({ inputs, config }, { memory, once }) => {
  const value = inputs['value'] === undefined ? config.value : inputs['value'];
  const { key, overwrite, scope, fact_type: factType } = config;
  const request = { kind: 'remember', key, value, factType, overwrite, scope } as const;
  const call = { key: 'remember', kind: 'tool', title: 'remember', request: { key, value } } as const;
  const { outcome } = await once(call, () => memory(request));
  return { kind: 'done', outputs: { result: outcome } };
};
