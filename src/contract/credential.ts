import { z } from 'zod';
import { CREDENTIAL_TYPES, CREDENTIAL_USES, MAX_HOSTS } from '#domain/credential/kind.ts';
import { pageOf, paging } from '#domain/page.ts';
import { name, text } from '#domain/text.ts';
import { operation, rowId } from './operation.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');
const anyObject = z.record(z.string(), z.json());
const one = { credential_id: rowId };

const detailIn = anyObject.describe(
  'What the type needs. llm: provider_type, api_key, base_url, organization_id, custom_headers. ' +
    'gateway: adapter_type, token, config. git: provider, credential_type, username, access_token, ' +
    'ssh_private_key, webhook_secret. tool: tool_type, config, is_preferred; for the tool_type http, config has ' +
    'auth (bearer, header, basic, query), name, token, username, password; for smtp: host, port, security ' +
    '(starttls, tls, none), username, password. A secret that is sent back masked stays as it is.',
);
const hosts = z
  .array(text(255))
  .max(MAX_HOSTS)
  .describe(
    'Where it may be sent: example.com, *.example.com or example.com:8443. Empty or left out for llm, git and ' +
      'smtp: the host of its provider. Others go nowhere until a host is named.',
  );

export const credentialOut = z
  .object({
    id: z.int(),
    name: z.string(),
    credential_type: z.enum(CREDENTIAL_TYPES),
    detail: anyObject.describe('As it was given, with secrets masked.'),
    created_at: time,
    updated_at: time,
    hosts: z.array(z.string()).describe('Where it may be sent.'),
    uses: z.array(z.enum(CREDENTIAL_USES)).describe('What steps can do with it.'),
    testable: z.boolean().describe('Whether `test` can find anything out.'),
    used_by: z.int().describe('Nodes that refer to it.'),
    last_used_at: time.nullable().describe('By a run; a minute exact.'),
    last_test: z.object({ ok: z.boolean(), error: z.string(), at: time }).nullable(),
  })
  .meta({ id: 'Credential' });

export const credentialTestOut = z
  .object({
    ok: z.boolean(),
    error: z.string().describe('The class of the failure; never what the other side said.'),
    detail: z.json().describe('For gateway credentials the health the gateway reports; else null.'),
  })
  .meta({ id: 'CredentialTest' });

export const credentials = {
  list: operation({
    method: 'get',
    path: '/credentials',
    status: 200,
    access: 'credential.read',
    summary: 'List credentials, oldest first; secrets are masked',
    input: z.object({
      ...paging,
      q: text(200).optional().describe('Part of the name, or the provider, adapter or tool type.'),
      type: text(50).optional().describe('One of llm, gateway, git, tool.'),
      use: text(50).optional().describe('Only those a step can use for this: http, smtp, llm, git, gateway.'),
      sort: text(50)
        .optional()
        .describe('id, name, type, created_at, updated_at or last_used_at; backwards with a minus.'),
    }),
    output: pageOf(credentialOut),
  }),
  create: operation({
    method: 'post',
    path: '/credentials',
    status: 201,
    access: 'credential.edit',
    summary: 'Store a credential; its secrets are sealed and never returned',
    input: z.object({
      name: name(),
      credential_type: z.enum(CREDENTIAL_TYPES),
      detail: detailIn.nullish(),
      hosts: hosts.nullish(),
    }),
    output: credentialOut,
  }),
  batchDelete: operation({
    method: 'post',
    path: '/credentials/batch-delete',
    status: 204,
    access: 'credential.edit',
    summary: 'Delete credentials; nodes that use them keep an empty reference',
    input: z.object({ ids: z.array(rowId).max(1000) }),
    output: z.void(),
  }),
  get: operation({
    method: 'get',
    path: '/credentials/{credential_id}',
    status: 200,
    access: 'credential.read',
    summary: 'One credential; secrets are masked',
    input: z.object(one),
    output: credentialOut,
  }),
  update: operation({
    method: 'patch',
    path: '/credentials/{credential_id}',
    status: 200,
    access: 'credential.edit',
    summary: 'Change a credential; of `detail` only the keys that are sent, the type never',
    input: z.object({
      ...one,
      name: name().optional(),
      detail: detailIn.nullish(),
      hosts: hosts.nullish().describe('null: the host of its provider again.'),
    }),
    output: credentialOut,
  }),
  remove: operation({
    method: 'delete',
    path: '/credentials/{credential_id}',
    status: 204,
    access: 'credential.edit',
    summary: 'Delete a credential; nodes that use it keep an empty reference',
    input: z.object(one),
    output: z.void(),
  }),
  test: operation({
    method: 'post',
    path: '/credentials/{credential_id}/test',
    status: 200,
    access: 'credential.edit',
    summary: 'Try a credential on its provider',
    input: z.object(one),
    output: credentialTestOut,
  }),
  models: operation({
    method: 'get',
    path: '/credentials/{credential_id}/models',
    status: 200,
    access: 'credential.read',
    summary: 'The models an LLM credential gives access to; empty when the provider does not say',
    input: z.object(one),
    output: z.array(z.object({ id: z.string(), name: z.string() })),
  }),
  activate: operation({
    method: 'post',
    path: '/credentials/{credential_id}/activate',
    status: 200,
    access: 'credential.edit',
    summary: 'Have the message gateway listen with this credential',
    input: z.object(one),
    output: z.json(),
  }),
  deactivate: operation({
    method: 'post',
    path: '/credentials/{credential_id}/deactivate',
    status: 200,
    access: 'credential.edit',
    summary: 'Have the message gateway stop listening with this credential',
    input: z.object(one),
    output: z.json(),
  }),
  uses: operation({
    method: 'get',
    path: '/credentials/{credential_id}/uses',
    status: 200,
    access: 'credential.read',
    summary: 'The nodes that refer to a credential',
    input: z.object({ ...one, ...paging }),
    output: pageOf(
      z.object({
        workflow_slug: z.string(),
        workflow_name: z.string(),
        node_id: z.string(),
        node_label: z.string().nullable(),
      }),
    ),
  }),
} as const;
