import { type Executor, StepError } from '#domain/node/executor.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import type { definition } from './definition.ts';

export const execute: Executor<typeof definition> = async ({ inputs, config }, { say }) => {
  const said = config.message === '' ? textOfValue(inputs.input ?? '') : config.message;
  if (said.trim() === '') {
    throw new StepError(
      'nothing_to_say',
      'There is nothing to say: the message is empty and nothing arrived.',
      {
        permanent: true,
      },
    );
  }
  await say(said);
  return { kind: 'done', outputs: { output: said }, reply: { status: 200, headers: {}, body: said } };
};
