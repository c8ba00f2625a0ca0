import type { Executor } from '#domain/node/executor.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import { parseOutput } from '#domain/parser/parse-output.ts';
import type { definition } from './definition.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }) => ({
  kind: 'done',
  outputs: { parsed: parseOutput(config, textOfValue(inputs.text)) ?? null },
});
