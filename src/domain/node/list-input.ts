import { z } from 'zod';
import { valueAt } from '../graph/dotted-path.ts';
import type { Port } from '../graph/graph.ts';
import { StepError } from './executor.ts';
import { kindOf } from './item-path.ts';

/** The config field `field` of every node type that takes a list: where the list is in what arrives. */
export const listField = z
  .string()
  .max(500)
  .default('')
  .describe('Dotted path to the list in what arrives, such as body.items. Empty: the input is the list.')
  .meta({ title: 'List inside the input', field: { group: 'common', placeholder: 'body.items' } });

/** The port where the list arrives: anything when the list is looked for inside. */
export function listPort(field: string, name = 'input'): Port {
  const inside = field !== '';
  return {
    name,
    type: inside ? 'any' : 'array',
    label: 'List',
    description: inside ? `Holds the list under “${field}”.` : 'The list to work on.',
    required: true,
  };
}

/**
 * The list that arrived.
 * @throws StepError `not_a_list` saying what arrived instead.
 */
export function readList(input: unknown, field: string, port = 'input'): readonly unknown[] {
  const value = valueAt(input, field);
  if (Array.isArray(value)) return value;
  const where = field === '' ? `The input port “${port}”` : `“${field}” of what arrives at “${port}”`;
  throw new StepError(
    'not_a_list',
    `${where} should be a list, but it is ${kindOf(value)}. Set “List inside the input” to where the list is, ` +
      'or connect a list.',
    { permanent: true },
  );
}
