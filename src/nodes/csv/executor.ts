import type { Executor } from '#domain/node/executor.ts';
import { readList } from '#domain/node/list-input.ts';
import { readText } from '#domain/node/text-input.ts';
import type { definition } from './definition.ts';
import { formatCsv } from './format.ts';
import { parseCsv } from './parse.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const output =
    config.mode === 'parse'
      ? parseCsv(readText(inputs.input, config.field), config)
      : formatCsv(readList(inputs.input, config.field), config);
  return { kind: 'done', outputs: { output } };
};
