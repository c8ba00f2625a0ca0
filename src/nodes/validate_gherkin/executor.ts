import { type Executor, StepError } from '#domain/node/executor.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import { checkGherkin } from './check.ts';
import type { definition } from './definition.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const text = config.spec || textOfValue(inputs.input);
  if (text.trim() === '') {
    const message = '“Feature” is empty and nothing arrived. Fill it in, or connect what gives the text.';
    throw new StepError('missing_value', message, { permanent: true });
  }
  const output = checkGherkin(text);
  return { kind: 'done', outputs: { output, valid: output.valid } };
};
