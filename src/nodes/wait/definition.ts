import { z } from 'zod';
import type { Port } from '#domain/graph/graph.ts';
import { defineNode } from '#domain/node/definition.ts';
import { LONGEST_DAYS, LONGEST_MS, spanMs, TIME_UNITS } from '#domain/node/time-span.ts';

export const WAIT_MODES = ['duration', 'until', 'call'] as const;
const TOO_LONG = `The longest wait is ${LONGEST_DAYS} days.`;

const config = z
  .object({
    mode: z
      .enum(WAIT_MODES)
      .default('duration')
      .describe('For a while, until a point in time, or until an address of this step is called.')
      .meta({ title: 'Wait', field: { control: 'select', group: 'required' } }),
    duration: z
      .number()
      .min(0, 'A wait cannot be negative.')
      .default(0)
      .describe('How long to wait, in the unit below. 0 goes on at once.')
      .meta({ title: 'Duration', field: { group: 'required', when: { field: 'mode', in: ['duration'] } } }),
    unit: z
      .enum(TIME_UNITS)
      .default('seconds')
      .describe('The unit of the duration.')
      .meta({
        title: 'Unit',
        field: { control: 'select', group: 'required', when: { field: 'mode', in: ['duration'] } },
      }),
    until: z
      .union([z.string().max(1000), z.number()])
      .default('')
      .describe(
        'An ISO time such as 2030-01-31T09:00:00Z (UTC where it names no zone) or a Unix time, or a template giving one.',
      )
      .meta({
        title: 'Until',
        field: {
          control: 'template',
          group: 'required',
          placeholder: '2030-01-31T09:00:00Z',
          when: { field: 'mode', in: ['until'] },
        },
      }),
    timeout: z
      .number()
      .min(0, 'A time limit cannot be negative.')
      .default(0)
      .describe(
        'When nobody has called by then, the run leaves by the port Timeout. 0 waits without a limit.',
      )
      .meta({ title: 'Time limit', field: { group: 'common', when: { field: 'mode', in: ['call'] } } }),
    timeout_unit: z
      .enum(TIME_UNITS)
      .default('hours')
      .describe('The unit of the time limit.')
      .meta({
        title: 'Unit of the limit',
        field: { control: 'select', group: 'common', when: { field: 'mode', in: ['call'] } },
      }),
    notify_url: z
      .string()
      .max(4000)
      .default('')
      .describe('The address of this step is sent there first: POST { "resume_url": … } as JSON.')
      .meta({
        title: 'Send the address to',
        field: { control: 'template', group: 'common', when: { field: 'mode', in: ['call'] } },
      }),
  })
  .superRefine(({ duration, unit, timeout, timeout_unit }, context) => {
    const refuse = (key: string): void =>
      context.addIssue({ code: 'custom', path: [key], message: TOO_LONG });
    if (spanMs(duration, unit) > LONGEST_MS) refuse('duration');
    if (spanMs(timeout, timeout_unit) > LONGEST_MS) refuse('timeout');
  });

const OUTPUT: Port = {
  name: 'output',
  type: 'any',
  label: 'Output',
  description: 'The value that arrived at the input.',
};
const CALL: Port = {
  name: 'call',
  type: 'object',
  label: 'Call',
  description: 'The call that ended the wait: { method, query, headers, body }.',
};
const TIMEOUT: Port = {
  name: 'timeout',
  type: 'any',
  label: 'Timeout',
  description: 'Taken, with the value that arrived, when the time limit came before a call.',
  route: true,
};

export const definition = defineNode({
  type: 'wait',
  title: 'Wait',
  summary: 'Pauses this path for a while, until a time, or until it is called.',
  icon: 'timer',
  category: 'flow',
  effect: 'external',
  formatVersion: 1,
  config,
  ports: ({ mode, timeout }) => ({
    inputs: [{ name: 'input', type: 'any', label: 'Input', description: 'The value to hand on.' }],
    outputs: [OUTPUT, ...(mode === 'call' ? [CALL, ...(timeout > 0 ? [TIMEOUT] : [])] : [])],
  }),
  subtitle: ({ mode, duration, unit, until }) => {
    if (mode === 'duration') return `${duration} ${unit}`;
    return mode === 'until' ? `until ${until || '…'}` : 'until it is called';
  },
  docs: `Holds this path and then hands on what arrived. Other paths of the run go on meanwhile, a waiting run uses no
worker, and a restart of the server loses nothing, so days and months are fine.

- **duration**: for the given time.
- **until**: until a point in time. One that has passed already does not wait at all.
- **call**: until somebody calls the address of this very step. It is shown in the run, and *Send the address to* has it
  posted to another system first: \`{ "resume_url": "…" }\`. A POST to it (JSON, form or text) ends the wait and arrives
  at **call**. Opening it in a browser only shows a page with a button, so that link previews do nothing. It works once.

**Example.** Order a shipment by HTTP, then *call* with a limit of 5 *days* and the carrier's address in *Send the
address to*; **Output** → tell the customer, **Timeout** → open a ticket.

**When it goes wrong.**
- *The caller of a webhook that answers when finished gets 202*: the wait was longer than the caller could wait. Let
  the trigger answer immediately instead, or shorten the wait.
- *bad_time*: **Until** is no ISO time. Write it like \`2030-01-31T09:00:00+01:00\`.
- *The call gets 404 or 409*: the address was used already, its limit is over, or the run has ended.
- *The address begins with localhost*: whoever runs this installation sets PIPEWRIGHT_PUBLIC_URL.`,
});
