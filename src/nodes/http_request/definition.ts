import { z } from 'zod';
import { credentialField } from '#domain/credential/reference.ts';
import { defineNode } from '#domain/node/definition.ts';
import { HTTP_METHODS } from './method.ts';
import { httpFunction } from './tool-face.ts';

export const BODY_MODES = ['none', 'json', 'text', 'form'] as const;

const pairs = z.record(z.string().min(1).max(200), z.union([z.string(), z.number(), z.boolean()]));
const bodyField = (mode: (typeof BODY_MODES)[number]) => ({
  group: 'required' as const,
  when: { field: 'body_mode', in: [mode] },
});

const config = z.object({
  method: z
    .enum(HTTP_METHODS)
    .optional()
    .describe('The HTTP method: GET if empty, or what an agent chooses that has this as a tool.')
    .meta({ title: 'Method', field: { control: 'select', group: 'required' } }),
  url: z
    .string({ error: 'Enter the address to call.' })
    .min(1, 'Enter the address to call.')
    .max(8000)
    .describe('The address, starting with http:// or https://.')
    .meta({
      title: 'URL',
      field: { control: 'template', group: 'required', placeholder: 'https://api.example.com/items' },
    }),
  credential: credentialField({
    title: 'Credential',
    use: 'http',
    group: 'common',
    describe: 'Signs the request. It is only sent to the hosts it is bound to.',
  }),
  query: pairs
    .default({})
    .describe('Added to the address as ?name=value.')
    .meta({ title: 'Query', field: { control: 'keyvalue', group: 'common' } }),
  headers: pairs
    .default({})
    .describe('Request headers.')
    .meta({ title: 'Headers', field: { control: 'keyvalue', group: 'common' } }),
  body_mode: z
    .enum(BODY_MODES)
    .default('none')
    .describe('What the request carries.')
    .meta({ title: 'Body', field: { control: 'select', group: 'common' } }),
  json: z
    .json()
    .default({})
    .describe('Sent as application/json; strings inside may be {{ references }}.')
    .meta({ title: 'JSON', field: { ...bodyField('json'), control: 'json' } }),
  text: z
    .string()
    .default('')
    .describe('Sent as it is, as text/plain unless a Content-Type header says otherwise.')
    .meta({ title: 'Text', field: { ...bodyField('text'), control: 'template' } }),
  form: pairs
    .default({})
    .describe('Sent as application/x-www-form-urlencoded.')
    .meta({ title: 'Form', field: { ...bodyField('form'), control: 'keyvalue' } }),
  timeout_ms: z
    .int()
    .min(1)
    .max(120_000)
    .default(30_000)
    .describe('The request is given up after this many milliseconds.')
    .meta({ title: 'Time limit (ms)', field: { group: 'advanced' } }),
  follow_redirects: z
    .boolean()
    .default(true)
    .describe('Follow up to 5 redirects.')
    .meta({ title: 'Follow redirects', field: { group: 'advanced' } }),
  fail_on_error_status: z
    .boolean()
    .default(true)
    .describe('A status of 400 or more fails the step.')
    .meta({ title: 'Fail on error status', field: { group: 'advanced' } }),
});
export type HttpConfig = z.output<typeof config>;
export type { HttpMethod } from './method.ts';

export const definition = defineNode({
  type: 'http_request',
  title: 'HTTP request',
  summary: 'Calls an address on the internet and hands on the answer.',
  icon: 'globe',
  category: 'network',
  effect: 'external',
  formatVersion: 1,
  // Above the longest time limit of the request itself, so that the request is what gives up.
  timeoutMs: 125_000,
  verbatim: ['credential'],
  toolFields: { url: 'https://example.com/' },
  tool: (config) => [httpFunction(config)],
  config,
  ports: () => ({
    inputs: [
      { name: 'input', type: 'any', label: 'Input', description: 'Starts the request.' },
      {
        name: 'headers',
        type: 'object',
        label: 'Headers',
        description: 'More headers; they win over the form.',
      },
      {
        name: 'query',
        type: 'object',
        label: 'Query',
        description: 'More query values; they win over the form.',
      },
    ],
    outputs: [
      {
        name: 'response',
        type: 'object',
        label: 'Response',
        description: '{ status, headers, body, url, duration_ms }; body is parsed when it is JSON.',
      },
      { name: 'body', type: 'any', label: 'Body', description: 'The body alone.' },
    ],
  }),
  subtitle: ({ method, url }) => `${method ?? 'GET'} ${url ?? ''}`.trim(),
  docs: `Calls an address and hands on the answer. A JSON answer is parsed, so later nodes read
\`{{ http_1.body.total }}\`; **response** has the status and headers as well.

Every attempt of the same step of the same run carries the same \`Idempotency-Key\` header, so a service that knows
the header does the work once even if the call is repeated. Your own header of that name wins.

Keys belong into a **credential**, not into headers: it is added when the request leaves, only for the hosts it is bound
to, and never after a redirect to another host. If the answer repeats it, the run shows \`[redacted]\` instead.

**As a tool** of an agent: what the form says stays as it is; address, method and body that it leaves empty are chosen by
the agent. It is told the status and the first 4,000 characters, and errors as well.

**Example.** POST \`https://api.example.com/orders\`, body JSON \`{ "amount": "{{ trigger.body.amount }}" }\`.

**When it goes wrong.**
- *Answered 4xx or 5xx*: the step fails and shows the start of the answer. Switch *Fail on error status* off to handle
  the status yourself, or let the node retry (Settings).
- *credential_denied*: the credential was deleted, belongs to another environment, or is not bound to the host. The
  message names the way out.
- *Destination not allowed*: private and local addresses are closed. The operator may open one with
  \`PIPEWRIGHT_EGRESS_ALLOW\`.
- *Timed out*: raise the time limit, or ask for less.`,
});
