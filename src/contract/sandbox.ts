import { z } from 'zod';
import { pageOf, paging } from '#domain/page.ts';
import { name, text } from '#domain/text.ts';
import { operation, rowId } from './operation.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');
const one = { sandbox_id: rowId };

const variableIn = z.object({
  key: text(200).regex(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    'A name has letters, digits and _, and starts with no digit.',
  ),
  value: text(32_768).nullish(),
  credential_id: rowId.nullish(),
  credential_field: text(100).nullish(),
  source: z.enum(['raw', 'credential']).default('raw'),
});

const variableOut = z
  .object({
    key: z.string(),
    value: z.string().nullable(),
    credential_id: z.int().nullable(),
    credential_field: z.string().nullable(),
    source: z.enum(['raw', 'credential']),
  })
  .meta({ id: 'SandboxVariable' });

export const sandboxOut = z
  .object({
    id: z.int(),
    name: z.string(),
    path: z.string().describe('A label below the data directory, not a path of the host.'),
    allow_network: z.boolean(),
    env_vars: z.array(variableOut),
    is_default: z.boolean(),
    created_at: time,
  })
  .meta({ id: 'Sandbox' });

const variables = z.array(variableIn).max(200);
const done = z.object({ ok: z.literal(true), message: z.string() });

/** Folders that programs work in, with their variables. Strictly your own. */
export const sandboxes = {
  list: operation({
    method: 'get',
    path: '/workspaces',
    status: 200,
    access: 'sandbox.read',
    summary: 'Your workspaces',
    input: z.object({ ...paging, q: text(200).optional().describe('Part of the name.') }),
    output: pageOf(sandboxOut),
  }),
  create: operation({
    method: 'post',
    path: '/workspaces',
    status: 201,
    access: 'sandbox.edit',
    summary: 'Make a workspace with an empty folder',
    input: z.object({
      name: name(100),
      path: text(200).nullish(),
      allow_network: z.boolean().default(false),
      env_vars: variables.nullish(),
    }),
    output: sandboxOut,
  }),
  batchDelete: operation({
    method: 'post',
    path: '/workspaces/batch-delete',
    status: 204,
    access: 'sandbox.edit',
    summary: 'Delete workspaces; the default one stays',
    input: z.object({ ids: z.array(rowId).max(1000) }),
    output: z.void(),
  }),
  get: operation({
    method: 'get',
    path: '/workspaces/{sandbox_id}',
    status: 200,
    access: 'sandbox.read',
    summary: 'One workspace',
    input: z.object(one),
    output: sandboxOut,
  }),
  update: operation({
    method: 'patch',
    path: '/workspaces/{sandbox_id}',
    status: 200,
    access: 'sandbox.edit',
    summary: 'Change a workspace; `env_vars` replaces the whole list',
    input: z.object({ ...one, allow_network: z.boolean().optional(), env_vars: variables.optional() }),
    output: sandboxOut,
  }),
  remove: operation({
    method: 'delete',
    path: '/workspaces/{sandbox_id}',
    status: 204,
    access: 'sandbox.edit',
    summary: 'Delete a workspace; its files stay on the disk',
    input: z.object(one),
    output: z.void(),
  }),
  reset: operation({
    method: 'post',
    path: '/workspaces/{sandbox_id}/reset',
    status: 200,
    access: 'sandbox.edit',
    summary: 'Delete every file in the folder',
    input: z.object(one),
    output: done,
  }),
  resetRootfs: operation({
    method: 'post',
    path: '/workspaces/{sandbox_id}/reset-rootfs',
    status: 200,
    access: 'sandbox.edit',
    summary: 'Renew the system files programs see',
    input: z.object(one),
    output: done,
  }),
} as const;
