import { z } from 'zod';
import { credentialField } from '#domain/credential/reference.ts';
import { defineNode } from '#domain/node/definition.ts';
import { notifyFunction } from './tool-face.ts';

export const CHANNELS = ['email', 'webhook'] as const;
export const ENCRYPTIONS = ['starttls', 'tls'] as const;

const forMail = { field: 'channel', in: ['email'] };
const forHook = { field: 'channel', in: ['webhook'] };
/** Addresses as a list or as text with commas between them. */
const addresses = z.union([z.string().max(20_000), z.array(z.string().max(400)).max(50)]).default('');

const config = z.object({
  channel: z
    .enum(CHANNELS)
    .default('email')
    .describe('How the message travels.')
    .meta({ title: 'By', field: { control: 'select', group: 'required' } }),
  to: addresses.describe('Mail addresses, separated by commas; at most 50 with the copies.').meta({
    title: 'To',
    field: { control: 'template', group: 'required', when: forMail, placeholder: 'ada@example.com' },
  }),
  subject: z
    .string()
    .max(1_000)
    .default('')
    .describe('One line.')
    .meta({ title: 'Subject', field: { control: 'template', group: 'required', when: forMail } }),
  url: z
    .string()
    .max(8_000)
    .default('')
    .describe('The address that gets the message as a POST.')
    .meta({
      title: 'URL',
      field: {
        control: 'template',
        group: 'required',
        when: forHook,
        placeholder: 'https://example.com/hook',
      },
    }),
  message: z
    .string()
    .max(1_000_000)
    .default('')
    .describe('The text. What arrives at the port Message wins over it.')
    .meta({ title: 'Message', field: { control: 'template', group: 'required' } }),
  html: z
    .string()
    .max(1_000_000)
    .default('')
    .describe('The same as HTML, for programs that show it. Empty: text only.')
    .meta({ title: 'HTML', field: { control: 'template', group: 'common', when: forMail } }),
  cc: addresses
    .describe('Mail addresses that get a copy.')
    .meta({ title: 'Copy to', field: { control: 'template', group: 'common', when: forMail } }),
  from: z
    .string()
    .max(400)
    .default('')
    .describe('The sender: an address, or a name with the address in angle brackets.')
    .meta({
      title: 'From',
      field: { control: 'text', group: 'common', when: forMail, placeholder: 'Orders <orders@example.com>' },
    }),
  credential: credentialField({
    title: 'Mail account',
    use: 'smtp',
    group: 'required',
    when: forMail,
    describe: 'The mail server and its login.',
  }),
  smtp_host: z
    .string()
    .max(253)
    .default('')
    .describe('A mail server without a mail account, for servers that take mail without a login.')
    .meta({
      title: 'Mail server',
      field: { control: 'text', group: 'advanced', when: forMail, placeholder: 'smtp.example.com' },
    }),
  smtp_port: z
    .int()
    .min(1)
    .max(65_535)
    .default(587)
    .describe('Usually 587 with STARTTLS and 465 with TLS.')
    .meta({ title: 'Port', field: { group: 'advanced', when: forMail } }),
  smtp_encryption: z
    .enum(ENCRYPTIONS)
    .default('starttls')
    .describe('With STARTTLS the connection is secured after it is made; a login needs either.')
    .meta({ title: 'Encryption', field: { control: 'select', group: 'advanced', when: forMail } }),
  smtp_user: z
    .string()
    .max(400)
    .default('')
    .describe('Of the mail server above. Better: choose a mail account.')
    .meta({ title: 'User name', field: { control: 'text', group: 'advanced', when: forMail } }),
  smtp_password: z
    .string()
    .max(1_000)
    .default('')
    .describe(
      'Of workflows drawn before there were mail accounts: everybody who may read the workflow can read it.',
    )
    .meta({ title: 'Password', format: 'password', field: { group: 'advanced', when: forMail } }),
  headers: z
    .record(z.string().min(1).max(200), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('Request headers.')
    .meta({ title: 'Headers', field: { control: 'keyvalue', group: 'common', when: forHook } }),
  payload: z
    .json()
    .default(null)
    .describe('Sent as JSON instead of the message. Null: the message and the run it comes from.')
    .meta({ title: 'JSON', field: { control: 'json', group: 'advanced', when: forHook } }),
});

export const definition = defineNode({
  type: 'notify',
  title: 'Notify',
  summary: 'Tells people by mail, or another system by a webhook.',
  icon: 'bell',
  category: 'output',
  effect: 'external',
  formatVersion: 1,
  timeoutMs: 70_000,
  verbatim: ['credential', 'smtp_password'],
  config,
  tool: (config) => [notifyFunction(config)],
  ports: () => ({
    inputs: [
      {
        name: 'message',
        type: 'any',
        label: 'Message',
        description: 'The text to send; wins over the form.',
      },
    ],
    outputs: [
      {
        name: 'sent',
        type: 'object',
        label: 'Sent',
        description: 'The channel, and the mail id with its receivers or the status of the answer.',
      },
    ],
  }),
  subtitle: ({ channel, to, url }) => (channel === 'webhook' ? String(url) : String(to)).slice(0, 60),
  docs: `Sends a message and goes on once it is handed over.

- **email**: through the mail server of a credential of the type SMTP, which holds the server and its login. A server
  that asks for no login can be named in the form instead. A password is only sent over an encrypted connection to a
  server whose certificate is valid.
- **webhook**: a POST with \`{ "message": … }\` as JSON, or with the JSON of the form.

Both go only where outbound requests may go: public addresses on the usual ports (mail: 25, 465, 587, 2525). The operator
opens others with \`PIPEWRIGHT_EGRESS_ALLOW\`.

**As a tool** of an agent it sends what the agent writes; receivers, subject and message that the form names stay as they are.
The address of a webhook always comes from the form.

**Example.** To \`ada@example.com\`, subject \`Order {{ trigger.body.id }}\`, message \`{{ code_1.output.summary }}\`.

**When it goes wrong.**
- *mail_invalid*: the message names the field: an address that is none, a subject with a line break, more than 50
  receivers.
- *credential_denied*: the mail account was deleted or belongs to another environment. Choose another one.
- *mail_login*: the server did not accept the user name and password.
- *mail_insecure*: no encryption, or a certificate nobody vouches for. Check port and encryption (587 STARTTLS, 465 TLS).
- *mail_refused*: the server did not take the mail; its words are in the message.
- *http_status*: the webhook answered 400 or more.
- *not_allowed*: the operator has to permit the destination; the message says how.
- A mail that is sent again after a crash bears the same message id, so that most mail programs show it once.`,
});
