import { z } from 'zod';
import { valueAt } from '../graph/dotted-path.ts';
import type { Port } from '../graph/graph.ts';
import { StepError } from './executor.ts';
import { kindOf } from './item-path.ts';

/** The config field `field` of node types that take a text: where the text is in what arrives. */
export const textField = z
  .string()
  .max(500)
  .default('')
  .describe('Dotted path to the value in what arrives, such as body. Empty: the input itself.')
  .meta({ title: 'Value inside the input', field: { group: 'common', placeholder: 'body' } });

/** The port where the text arrives: anything when the text is looked for inside. */
export function textPort(field: string): Port {
  const inside = field !== '';
  return {
    name: 'input',
    type: inside ? 'any' : 'string',
    label: 'Text',
    description: inside ? `Holds the text under “${field}”.` : 'The text to read.',
    required: true,
  };
}

/**
 * The text that arrived.
 * @throws StepError `not_text` saying what arrived instead.
 */
export function readText(input: unknown, field: string): string {
  const value = valueAt(input, field);
  if (typeof value === 'string') return value;
  const where = field === '' ? 'The input port “input”' : `“${field}” of what arrives at “input”`;
  throw new StepError(
    'not_text',
    `${where} should be text, but it is ${kindOf(value)}. Set “Value inside the input” to where the text is, ` +
      'or leave this step out if the value is structured already.',
    { permanent: true },
  );
}
