import { valueAt } from '#domain/graph/dotted-path.ts';
import type { Executor } from '#domain/node/executor.ts';
import { readText } from '#domain/node/text-input.ts';
import type { definition } from './definition.ts';
import { formatXml } from './format.ts';
import { parseXml } from './parse.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const output =
    config.mode === 'parse'
      ? parseXml(readText(inputs.input, config.field), config)
      : formatXml(valueAt(inputs.input, config.field), config);
  return { kind: 'done', outputs: { output } };
};
