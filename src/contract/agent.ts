import { z } from 'zod';
import { pageOf, paging } from '#domain/page.ts';
import { name, text } from '#domain/text.ts';
import { operation, rowId } from './operation.ts';

const agent = {
  id: z.int(),
  username: z.string(),
  purpose: z.string(),
  api_key_preview: z.string().describe('The end of its key, such as `...k3J9_aQz`; empty without one.'),
  created_at: z.string().describe('UTC, ISO 8601 with Z.'),
  created_by: z.string().nullable().describe("The maker's username."),
};
const agentOut = z.object(agent).meta({ id: 'Agent' });
const agentCreatedOut = z.object({ ...agent, key: z.string() }).meta({ id: 'AgentCreated' });

/** Accounts for programs: a key, no password. Whoever made one, and administrators, see and delete it. */
export const agents = {
  list: operation({
    method: 'get',
    path: '/users/agents',
    status: 200,
    access: 'agent.read',
    summary: 'Agent users, newest first',
    input: z.object({ ...paging, q: text(200).optional().describe('Part of the username or purpose.') }),
    output: pageOf(agentOut),
  }),
  create: operation({
    method: 'post',
    path: '/users/agents',
    status: 201,
    access: 'agent.manage',
    summary: 'Make an agent user; its key is shown once',
    input: z.object({
      username: name(150).nullish().describe('Made up where it is left out.'),
      purpose: text(2000).default(''),
    }),
    output: agentCreatedOut,
  }),
  delete: operation({
    method: 'delete',
    path: '/users/agents/{user_id}',
    status: 204,
    access: 'agent.manage',
    summary: 'Delete an agent user and its keys; what it made stays',
    input: z.object({ user_id: rowId }),
    output: z.void(),
  }),
  batchDelete: operation({
    method: 'post',
    path: '/users/agents/batch-delete',
    status: 204,
    access: 'agent.manage',
    summary: 'Delete several agent users; ids of anything else are ignored',
    input: z.object({ ids: z.array(rowId).max(1000) }),
    output: z.void(),
  }),
} as const;
