import { type Executor, StepError } from '#domain/node/executor.ts';
import { readJsonField, textOfValue } from '#domain/node/json-field.ts';
import type { definition } from './definition.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  if (config.mode === 'text') return { kind: 'done', outputs: { output: textOfValue(config.text) } };
  if (config.mode === 'json')
    return { kind: 'done', outputs: { output: readJsonField(config.json, 'JSON') } };
  const base = config.include_input ? objectOf(inputs.input) : {};
  return { kind: 'done', outputs: { output: { ...base, ...config.fields } } };
};

function objectOf(value: unknown): object {
  if (value === null || value === undefined) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  const what = Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  throw new StepError(
    'not_an_object',
    `“Keep the input” needs an object, but ${what} arrived. Switch it off, or put the input into a field.`,
    { permanent: true },
  );
}
