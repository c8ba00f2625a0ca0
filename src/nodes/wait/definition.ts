import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';

export const WAIT_UNITS = ['seconds', 'minutes', 'hours'] as const;
export const UNIT_MS: Readonly<Record<(typeof WAIT_UNITS)[number], number>> = {
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
};
const LONGEST_HOURS = 366 * 24;

const config = z
  .object({
    duration: z
      .number()
      .min(0, 'A wait cannot be negative.')
      .default(0)
      .describe('How long to wait, in the unit below. 0 goes on at once.')
      .meta({ title: 'Duration', field: { group: 'required' } }),
    unit: z
      .enum(WAIT_UNITS)
      .default('seconds')
      .describe('The unit of the duration.')
      .meta({ title: 'Unit', field: { control: 'select', group: 'required' } }),
  })
  .refine(({ duration, unit }) => duration * UNIT_MS[unit] <= LONGEST_HOURS * UNIT_MS.hours, {
    path: ['duration'],
    message: 'The longest wait is 366 days.',
  });

export const definition = defineNode({
  type: 'wait',
  title: 'Wait',
  summary: 'Pauses this path for a while, then hands the value on.',
  icon: 'timer',
  category: 'flow',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: () => ({
    inputs: [{ name: 'input', type: 'any', label: 'Input', description: 'The value to hand on.' }],
    outputs: [{ name: 'output', type: 'any', label: 'Output', description: 'The value that arrived.' }],
  }),
  subtitle: ({ duration, unit }) => `${duration} ${unit}`,
  docs: `Holds this path for the given time and then hands on what arrived. Other paths of the run go on meanwhile, and
a waiting run uses no worker, so hours and days are fine. A restart of the server loses nothing.

**Example.** Duration \`30\`, unit *minutes*, between creating an order and asking for its state.

**When it goes wrong.** The caller of a webhook that *answers when finished* gets 202: the wait was longer than the
caller could wait. Answer immediately instead, or shorten the wait.`,
});
