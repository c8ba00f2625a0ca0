import type { Executor } from '#domain/node/executor.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import type { definition } from './definition.ts';
import { look } from './look.ts';

export const execute: Executor<typeof definition> = async ({ inputs, config }, capabilities) => {
  const query = textOfValue(inputs['query']) || config.query;
  const memories = await look(capabilities, config, { key: config.key, query });
  const result = memories.map(({ key, value }) => `${key}: ${textOfValue(value)}`).join('\n');
  return { kind: 'done', outputs: { result, memories } };
};
