import type { Executor } from '#domain/node/executor.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import { type definition, OTHER } from './definition.ts';

/** Failures that may be over when the same is tried again. */
const PASSING: ReadonlySet<string> = new Set([
  'timeout',
  'unreachable',
  'aborted',
  'unavailable',
  'overloaded',
  'worker_lost',
  'not_delivered',
]);

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const error = inputs.error ?? null;
  const fields = fieldsOf(error);
  const code = textOfValue(fields.code);
  const way = Object.entries(config.routes).find(([, codes]) => takes(codes, code))?.[0] ?? OTHER;
  const outputs = {
    message: textOfValue(fields.message),
    code,
    node: textOfValue(fields.node),
    retryable: PASSING.has(code),
    [way]: error,
  };
  return { kind: 'done', outputs };
};

/** A text alone is its message; the payload of an error trigger holds the error inside. */
function fieldsOf(error: unknown): Readonly<Record<string, unknown>> {
  if (typeof error !== 'object' || error === null) return { message: error };
  const inner = (error as { error?: unknown }).error;
  return (typeof inner === 'object' && inner !== null ? inner : error) as Readonly<Record<string, unknown>>;
}

function takes(codes: string, code: string): boolean {
  return codes
    .split(',')
    .map((one) => one.trim())
    .some((one) => (one.endsWith('*') ? code.startsWith(one.slice(0, -1)) : one === code));
}
