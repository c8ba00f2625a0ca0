import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';

export const WEBHOOK_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export const WEBHOOK_AUTH = ['none', 'hmac', 'bearer', 'basic'] as const;
export const RESPOND = ['immediately', 'when_finished'] as const;

const config = z.object({
  methods: z
    .array(z.enum(WEBHOOK_METHODS))
    .min(1, 'Choose at least one method.')
    .default(['POST'])
    .describe('Requests with another method are refused.')
    .meta({ title: 'Methods', field: { control: 'select', group: 'required' } }),
  respond: z
    .enum(RESPOND)
    .default('immediately')
    .describe('Answer as soon as the run is stored, or wait for the run and send what its Reply node says.')
    .meta({ title: 'Answer', field: { control: 'select', group: 'required' } }),
  auth: z
    .enum(WEBHOOK_AUTH)
    .default('none')
    .describe(
      'How callers show that they may call: a signature (hmac), a bearer token, a user name and password (basic), or nothing at all.',
    )
    .meta({ title: 'Callers', field: { control: 'select', group: 'required' } }),
  basic_user: z
    .string()
    .max(100)
    .regex(/^[^:]*$/, 'A user name has no colon.')
    .default('webhook')
    .describe('The user name; the secret is the password.')
    .meta({ title: 'User name', field: { group: 'required', when: { field: 'auth', in: ['basic'] } } }),
  rate_limit: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('Requests a minute; more are refused with 429. 0: as many as come.')
    .meta({ title: 'Requests a minute', field: { group: 'common' } }),
  response_status: z
    .int()
    .min(200)
    .max(299)
    .default(202)
    .describe('The status sent when the answer does not wait for the run.')
    .meta({ title: 'Status', field: { group: 'common', when: { field: 'respond', in: ['immediately'] } } }),
  wait_seconds: z
    .int()
    .min(1)
    .max(30)
    .default(30)
    .describe(
      'How long the caller waits for the run, in seconds. After that it gets 202 and the run goes on.',
    )
    .meta({
      title: 'Longest wait (seconds)',
      field: { group: 'common', when: { field: 'respond', in: ['when_finished'] } },
    }),
});

export const definition = defineNode({
  type: 'trigger_webhook',
  title: 'Webhook trigger',
  summary: 'Starts the workflow when a request arrives at its own address.',
  icon: 'webhook',
  category: 'trigger',
  trigger: 'webhook',
  effect: 'pure',
  formatVersion: 1,
  // Nodes that were stored before there was a choice say nothing and stay open, with a warning.
  starter: { auth: 'hmac', rate_limit: 60 },
  verbatim: ['basic_user'],
  caution: ({ auth }) =>
    auth === 'none'
      ? 'takes requests from everybody who knows its address. Ask callers for a signature or a token, unless that is what you want.'
      : null,
  config,
  ports: () => ({
    inputs: [],
    outputs: [
      {
        name: 'body',
        type: 'any',
        label: 'Body',
        description: 'The request body: JSON and forms are parsed, anything else is text.',
      },
      {
        name: 'payload',
        type: 'object',
        label: 'Payload',
        description: 'The whole request: { body, headers, query, method }.',
      },
      {
        name: 'headers',
        type: 'object',
        label: 'Headers',
        description: 'Request headers, names in lower case.',
      },
      { name: 'query', type: 'object', label: 'Query', description: 'Query parameters of the address.' },
      { name: 'method', type: 'string', label: 'Method', description: 'The HTTP method, in capitals.' },
    ],
  }),
  subtitle: ({ methods, respond }) =>
    `${methods.join(', ')} · ${respond === 'immediately' ? 'answers at once' : 'answers when finished'}`,
  docs: `Starts a run for every request to the node's address. Addresses end up in logs and browser histories, so
callers show a secret too, which you make beside the address and see once:

- **hmac**: every request carries \`X-Signature: t=<unix seconds>,v1=<hex>\`, where v1 is HMAC-SHA256 of
  \`<t>.<body>\` under the secret. A signature is good for five minutes, and a request that comes again starts nothing
  new: it gets the first one's run. Name deliveries with \`X-Delivery-Id\` to have retries recognised for a day.
- **bearer**: \`Authorization: Bearer <secret>\`. **basic**: user name and password; the secret is the password.
- **none**: anyone who knows the address can start the workflow.

Until there is a secret, an address that asks for one answers nothing.

- **body** is what was sent: JSON and forms are parsed, anything else is text.
- **headers** (names in lower case), **query** and **method** describe the request; **payload** has all four.

**Example.** \`curl -X POST <address> -H 'Content-Type: application/json' -d '{"amount": 12}'\`, then a Switch on
\`{{ trigger.body.amount }}\`. To send an answer computed by the workflow, choose *when finished* and end with a Reply
node.

**When it goes wrong.**
- *404*: the method is not among the chosen ones, the workflow is off, or there is no secret yet.
- *401*: the signature or secret is missing, wrong or too old; look at the caller's clock.
- *429*: more requests than the node allows in a minute.
- *413*: the body is too large. Send a link instead of the file.
- *202 although it should wait*: the run took longer than the longest wait. It goes on; look under Executions.`,
});
