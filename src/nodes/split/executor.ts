import type { Executor } from '#domain/node/executor.ts';
import { readList } from '#domain/node/list-input.ts';
import { unescaped } from '#domain/node/separator.ts';
import { readText } from '#domain/node/text-input.ts';
import type { definition } from './definition.ts';

type Step = Parameters<Executor<typeof definition>>[0];

export const execute: Executor<typeof definition> = (step) => ({
  kind: 'done',
  outputs: { output: partsOf(step) },
});

function partsOf({ inputs, config }: Step): readonly unknown[] {
  const { mode, size, field } = config;
  if (mode === 'chunks') return chunksOf(readList(inputs.input, field), size);
  const text = readText(inputs.input, field);
  if (text === '') return [];
  // By characters as people count them, so that no pair of code units is torn apart.
  if (mode === 'length') return chunksOf(Array.from(text), size).map((part) => part.join(''));
  const parts = text.split(mode === 'lines' ? /\r\n|\n|\r/ : unescaped(config.separator));
  const trimmed = config.trim ? parts.map((part) => part.trim()) : parts;
  return config.drop_empty ? trimmed.filter((part) => part !== '') : trimmed;
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
