import { parseBounded } from '#domain/bounded-json.ts';
import { valueAt } from '#domain/graph/dotted-path.ts';
import { type Executor, StepError } from '#domain/node/executor.ts';
import { readText } from '#domain/node/text-input.ts';
import type { definition } from './definition.ts';

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const { mode, field, indent, sort_keys } = config;
  const output =
    mode === 'parse'
      ? parse(readText(inputs.input, field))
      : JSON.stringify(valueAt(inputs.input, field), sort_keys ? sortedKeys : undefined, indent);
  return { kind: 'done', outputs: { output } };
};

function parse(text: string): unknown {
  try {
    // Some programs begin a file with a mark of its encoding, which is not part of the JSON.
    return parseBounded(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = text.trim() === '' ? 'The text is empty.' : `The text is not valid JSON: ${why}.`;
    throw new StepError('bad_json', `${message} Look at the step's input for what really arrived.`, {
      permanent: true,
    });
  }
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
