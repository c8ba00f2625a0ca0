import { defineNode } from '#domain/node/definition.ts';
import { config } from './config.ts';
import { timeFunction } from './tool-face.ts';

const TITLES: Readonly<Record<string, string>> = { start_of: 'start of', end_of: 'end of' };

export const definition = defineNode({
  type: 'datetime',
  title: 'Date and time',
  summary: 'Gives the time now, or reads, writes, shifts and compares times.',
  icon: 'calendar',
  category: 'data',
  effect: 'pure',
  formatVersion: 1,
  config,
  tool: (config) => [timeFunction(config)],
  ports: ({ operation }) => ({
    inputs: [
      {
        name: 'input',
        type: 'any',
        label: 'Time',
        description: 'The time to work on, unless the form names another; or only what starts the step.',
      },
    ],
    outputs: [
      operation === 'difference'
        ? { name: 'output', type: 'number', label: 'Difference', description: 'In the chosen unit.' }
        : {
            name: 'output',
            type: 'string',
            label: 'Result',
            description: operation === 'format' ? 'The time in the pattern.' : 'The time in ISO 8601.',
          },
      ...(operation === 'difference'
        ? []
        : [
            {
              name: 'parts',
              type: 'object' as const,
              label: 'Parts',
              description:
                'iso, utc, milliseconds, zone, offset, year, month, day, hour, minute, second, weekday.',
            },
          ]),
    ],
  }),
  subtitle: ({ operation, amount, unit, zone, pattern }) => {
    if (operation === 'add') return `${amount < 0 ? '−' : '+'} ${Math.abs(amount)} ${unit}`;
    if (operation === 'format') return pattern;
    if (operation === 'difference') return `difference in ${unit}`;
    const title = TITLES[operation];
    return title ? `${title} ${unit.slice(0, -1)}` : `${operation}, ${zone}`;
  },
  docs: `Works with one time, in a time zone by its IANA name.

- **now**: the time at which the step runs.
- **parse**: reads a time as *Read as* says and gives it in ISO 8601 in the zone.
- **format**: writes it in a pattern: \`yyyy MM dd HH mm ss\`, \`ccc\` Mon, \`cccc\` Monday, \`LLL\` Jan, \`LLLL\` January,
  \`W\` week, \`ZZ\` +01:00, \`X\` seconds since 1970. Text goes in single quotes: \`dd.MM.yyyy 'at' HH:mm\`.
- **add**: whole years to days follow the calendar (a day may have 23 hours; 31 January plus a month is the last of
  February), hours and smaller are exact.
- **difference**: *Time* minus *Minus*, with a fraction unless *Whole units* is on.
- **start of**, **end of**: of the year, month, week and so on, in the zone.

ISO 8601 is \`2026-03-29\`, \`2026-03-29T10:00\` or \`2026-03-29T10:00:00+02:00\`. A time without a zone is read in the zone
of the form. A clock time that a change to summer time leaves out is moved on by an hour.

**Parts** has \`{ iso, utc, milliseconds, zone, offset, year, month, day, hour, minute, second, weekday }\`; weekday
1 is Monday, offset is in minutes.

**Example.** *add* \`-7\` *days*, zone \`Europe/Berlin\`, gives \`{{ datetime.output }}\`, a week before the input.

**When it goes wrong.**
- *bad_time*: the text is no time in that form, or names a day that does not exist, such as 30 February. The message
  shows it. Choose another *Read as*, or write the pattern.
- *missing_value*: neither *Time* nor the input holds anything. Connect one or fill in the other.
- *out_of_range*: the result is outside the years −271821 to 275760.`,
});
