import type { Executor } from '#domain/node/executor.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import type { definition } from './definition.ts';
import { look } from './look.ts';

export const execute: Executor<typeof definition> = async ({ inputs, config }, capabilities) => {
  const query = textOfValue(inputs['query']) || config.query;
  const question = { key: config.key, query };
  // Understanding a question may cost something: a step that begins anew does not pay again.
  const call = { key: 'recall', kind: 'tool', title: 'recall', request: question } as const;
  const memories = await capabilities.once(call, () => look(capabilities, config, question));
  const result = memories.map(({ key, value }) => `${key}: ${textOfValue(value)}`).join('\n');
  return { kind: 'done', outputs: { result, memories } };
};
