import { z } from 'zod';
import { type ToolFunction, toolFunction } from '#domain/node/tool.ts';
import type { config } from './config.ts';
import { isTimeZone } from './time-zone.ts';

const WHAT: Readonly<Record<string, string>> = {
  now: 'Gives the date and time now.',
  parse: 'Reads a time and gives it in ISO 8601.',
  format: 'Writes a time in a fixed pattern.',
  add: 'Shifts a time by a fixed span.',
  difference: 'Tells how long it is between two times.',
  start_of: 'Gives the beginning of the span a time is in.',
  end_of: 'Gives the end of the span a time is in.',
};

/** The function of the configured operation; the agent gives the times and the zone that the form leaves open. */
export function timeFunction({ operation, value, other, zone }: z.output<typeof config>): ToolFunction {
  const time = z.string().min(1).max(200);
  return toolFunction({
    name: 'datetime',
    description: `${WHAT[operation] ?? ''} Times without a zone are in ${zone}.`,
    parameters: z.object({
      ...(operation !== 'now' && value === '' && { value: time.describe('The time, in ISO 8601.') }),
      ...(operation === 'difference' &&
        other === '' && { other: time.optional().describe('The time to take away; now if left out.') }),
      ...(zone === 'UTC' && {
        zone: z
          .string()
          .max(100)
          .refine(isTimeZone, 'There is no time zone of this name.')
          .optional()
          .describe('IANA name of a time zone, such as Europe/Berlin.'),
      }),
    }),
  });
}
