import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';

export const WEBHOOK_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
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
  docs: `Starts a run for every request to the node's address. The address holds a secret token: anyone who knows it
can start the workflow, so treat it like a password and renew it if it leaks.

- **body** is what was sent: JSON and forms are parsed, anything else is text.
- **headers** (names in lower case), **query** and **method** describe the request; **payload** has all four.

**Example.** \`curl -X POST <address> -H 'Content-Type: application/json' -d '{"amount": 12}'\`, then a Switch on
\`{{ trigger.body.amount }}\`. To send an answer computed by the workflow, choose *when finished* and end with a Reply
node.

**When it goes wrong.**
- *405*: the method is not among the chosen ones.
- *413*: the body is too large. Send a link instead of the file.
- *202 although it should wait*: the run took longer than the longest wait. It goes on; look under Executions.`,
});
