import { z } from 'zod';
import type { Port } from '../graph/graph.ts';

/** Taken when nothing else fits. */
export const FALLBACK = '__other__';

const choice = z.object({
  name: z
    .string()
    .trim()
    .min(1, 'Give it a name.')
    .max(100)
    .describe('Names the output port; keep it when the description changes.'),
  description: z.string().max(2000).default('').describe('Tells the model when this is the one.'),
});
export type Choice = z.output<typeof choice>;

/** Edited as rows. */
export const choices = z.array(choice).max(50).default([]);

/** What is wrong with the names: one that is taken, or one that comes twice. */
export function choiceProblems(
  list: readonly Choice[],
  taken: readonly string[],
): { readonly index: number; readonly message: string }[] {
  return list.flatMap(({ name }, index) => {
    if (taken.includes(name)) return [{ index, message: `“${name}” cannot be a name here; it is taken.` }];
    const first = list.findIndex((one) => one.name.toLowerCase() === name.toLowerCase());
    return first < index ? [{ index, message: `Two are called “${name}”.` }] : [];
  });
}

/** A port for each; while a form is half-filled, a name that is taken or comes again gets none. */
export function choicePorts(list: readonly Choice[], taken: readonly string[], otherwise: boolean): Port[] {
  const wrong = new Set(choiceProblems(list, taken).map(({ index }) => index));
  return [
    ...list
      .filter((_, index) => !wrong.has(index))
      .map(({ name, description }) => way(name, name, description)),
    ...(otherwise ? [way(FALLBACK, 'Otherwise', 'Taken when nothing else fits.')] : []),
  ];
}

function way(name: string, label: string, description: string): Port {
  const told = description.trim() === '' ? `Taken for ${label}` : description.trim();
  return { name, type: 'any', label, description: /[.!?]$/.test(told) ? told : `${told}.`, route: true };
}
