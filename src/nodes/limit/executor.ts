import type { Executor } from '#domain/node/executor.ts';
import { readList } from '#domain/node/list-input.ts';
import type { definition } from './definition.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const items = readList(inputs.input, config.field);
  const { count, offset, from } = config;
  const last = items.length - offset;
  const [start, end] = from === 'start' ? [offset, offset + count] : [last - count, last];
  const [low, high] = [Math.max(0, start), Math.max(0, end)];
  const rest = [...items.slice(0, low), ...items.slice(high)];
  return { kind: 'done', outputs: { output: items.slice(low, high), rest } };
};
