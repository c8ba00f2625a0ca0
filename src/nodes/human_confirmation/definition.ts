import { z } from 'zod';
import type { Port } from '#domain/graph/graph.ts';
import { defineNode } from '#domain/node/definition.ts';
import { LONGEST_DAYS, LONGEST_MS, spanMs, TIME_UNITS } from '#domain/node/time-span.ts';

export const DEFAULT_PROMPT = 'May this go on?';

const config = z
  .object({
    prompt: z
      .string()
      .max(10_000)
      .default('')
      .describe('What people are asked. A text that arrives at the port Prompt wins over it.')
      .meta({
        title: 'Question',
        field: { control: 'template', group: 'required', placeholder: 'Refund {{ trigger.body.amount }} €?' },
      }),
    approvers: z
      .union([z.string().max(10_000), z.array(z.string().max(200)).max(100)])
      .default('')
      .describe(
        'Usernames or roles (admin, owner, editor, operator), separated by commas. Empty: everybody who may run the workflow.',
      )
      .meta({
        title: 'Who decides',
        field: { control: 'text', group: 'common', placeholder: 'grace, admin' },
      }),
    needed: z
      .int()
      .min(1, 'At least one person has to approve.')
      .max(50)
      .default(1)
      .describe('How many people have to approve. One who rejects is enough to reject.')
      .meta({ title: 'Approvals needed', field: { group: 'common' } }),
    allow_self: z
      .boolean()
      .default(true)
      .describe('Whether the person who started the run may answer as well.')
      .meta({ title: 'May approve own runs', field: { group: 'common' } }),
    timeout: z
      .number()
      .min(0, 'A time limit cannot be negative.')
      .default(0)
      .describe(
        'When nothing is decided by then, the run leaves by the port Timeout. 0 waits without a limit.',
      )
      .meta({ title: 'Time limit', field: { group: 'common' } }),
    timeout_unit: z
      .enum(TIME_UNITS)
      .default('hours')
      .describe('The unit of the time limit.')
      .meta({ title: 'Unit of the limit', field: { control: 'select', group: 'common' } }),
    notify_url: z
      .string()
      .max(4000)
      .default('')
      .describe(
        'Single-use links that answer without signing in are sent there: POST { "prompt", "links" } as JSON.',
      )
      .meta({ title: 'Send links to', field: { control: 'template', group: 'advanced' } }),
  })
  .superRefine(({ timeout, timeout_unit }, context) => {
    if (spanMs(timeout, timeout_unit) <= LONGEST_MS) return;
    const message = `The longest time limit is ${LONGEST_DAYS} days.`;
    context.addIssue({ code: 'custom', path: ['timeout'], message });
  });

function way(name: string, label: string, description: string): Port {
  return { name, type: 'any', label, description, route: true };
}

export const definition = defineNode({
  type: 'human_confirmation',
  title: 'Ask a person',
  summary: 'Waits until somebody approves or rejects.',
  icon: 'user-check',
  category: 'flow',
  effect: 'external',
  formatVersion: 1,
  config,
  ports: ({ timeout }) => ({
    inputs: [
      { name: 'prompt', type: 'string', label: 'Prompt', description: 'The question; wins over the form.' },
      {
        name: 'input',
        type: 'any',
        label: 'Input',
        description: 'What is decided about; it leaves unchanged by the way that was chosen.',
      },
    ],
    outputs: [
      way('approved', 'Approved', 'Taken when enough people approved.'),
      way('rejected', 'Rejected', 'Taken when somebody rejected.'),
      ...(timeout > 0 ? [way('timeout', 'Timeout', 'Taken when the time limit came first.')] : []),
      {
        name: 'confirmed',
        type: 'boolean',
        label: 'Confirmed',
        description: 'True only when it was approved.',
      },
      {
        name: 'user_response',
        type: 'string',
        label: 'Response',
        description: 'What the deciding person wrote; may be empty.',
      },
      {
        name: 'decided_by',
        type: 'string',
        label: 'Decided by',
        description: 'Who gave the deciding answer; empty after the time limit.',
      },
    ],
  }),
  subtitle: ({ prompt, needed }) => (needed > 1 ? `${needed} approvals` : prompt.slice(0, 60) || 'yes or no'),
  docs: `Stops this path until people have answered. The run shows as *interrupted* meanwhile; other paths go on, no worker
is held, and days may pass. Answer on the run's page under Executions, with
\`POST /api/v1/executions/{id}/resume/\`, or by a link.

The value at **Input** leaves by **Approved**, **Rejected** or **Timeout**; without one the decision itself does:
\`{ confirmed, user_response, decided_by }\`. A rejection does not fail the run.

*Send links to* posts \`{ "prompt", "expires_at", "links": [{ "holder", "url" }] }\` to another system, such as one that
sends mails or chat messages: one link for every name in *Who decides*, else as many as approvals are needed. A link
shows a page with the question; only its buttons answer, and only once.

**Example.** Question \`Refund {{ trigger.body.amount }} € to {{ trigger.body.customer }}?\`, time limit 2 *days*;
**Approved** → HTTP request, **Rejected** → Reply.

**When it goes wrong.**
- *no_approver*: nobody here has a name or role in *Who decides*. Correct the spelling, or name a role.
- *You may not decide this (403)*: the person is not named, or started the run and *May approve own runs* is off.
- *Already decided (409)*: somebody was faster; the first decision counts.
- *The links begin with localhost*: whoever runs this installation sets PIPEWRIGHT_PUBLIC_URL.`,
});
