import { z } from 'zod';
import type { Contract } from '#contract/contract.ts';
import { operation } from '#contract/operation.ts';
import { name, text } from '#domain/text.ts';
import type { Db } from '#server/db/connection.ts';
import { type HandlersOf, signedIn, type Viewer } from '../handler.ts';
import { provideAgent } from './agent-identity.ts';
import { systemHealth } from './health.ts';

const word = text(200);
const words = z.array(word).max(100).default([]);

const requirements = z.object({
  triggers: words,
  node_types: words,
  tools: words,
  tags: words,
  description: text(2000).default(''),
});

/** What runs can call and nobody over HTTP: it makes sense within a workflow alone. Paths are never served. */
export const ownOperations = {
  agents: {
    provide: operation({
      method: 'post',
      path: '/own/agents',
      status: 200,
      access: 'agent.manage',
      summary: 'An agent user with a credential that holds its key',
      input: z.object({ username: name(150), purpose: text(2000).default('') }),
      output: z.object({
        username: z.string(),
        credential_id: z.int(),
        credential_name: z.string(),
        created: z.boolean(),
      }),
    }),
    totpCode: operation({
      // Reads, but whoever gets a code should be in the audit log.
      method: 'post',
      path: '/own/totp',
      status: 200,
      access: 'agent.manage',
      summary: 'The current code of an agent user’s second factor',
      input: z.object({ username: name(150) }),
      output: z.object({ username: z.string(), code: z.string(), seconds_left: z.int() }),
    }),
  },
  system: {
    health: operation({
      method: 'get',
      path: '/own/health',
      status: 200,
      access: 'execution.read',
      summary: 'How the installation does',
      input: z.object({}),
      output: z.looseObject({ status: z.enum(['healthy', 'degraded', 'critical']) }),
    }),
  },
  workflows: {
    discover: operation({
      method: 'get',
      path: '/own/discover',
      status: 200,
      access: 'workflow.read',
      summary: 'The workflows that fit requirements best',
      input: z.object({ requirements, limit: z.int().min(1).max(50).default(5) }),
      output: z.looseObject({ recommendation: z.enum(['reuse', 'fork_and_patch', 'create_new']) }),
    }),
  },
} as const;

type Own = typeof ownOperations;
type Discovery = z.output<Own['workflows']['discover']['input']>;

export interface OwnOptions {
  readonly db: Db;
  readonly agents: HandlersOf<Contract['agents']>;
  readonly credentials: HandlersOf<Contract['credentials']>;
  readonly publicUrl: string;
  readonly totpCode: (
    viewer: Viewer,
    username: string,
  ) => Promise<z.output<Own['agents']['totpCode']['output']>>;
  readonly discover: (
    viewer: Viewer,
    request: Discovery,
  ) => Promise<z.output<Own['workflows']['discover']['output']>>;
}

export function ownHandlers(options: OwnOptions): { readonly [A in keyof Own]: HandlersOf<Own[A]> } {
  const { db, totpCode, discover } = options;
  return {
    agents: {
      provide: (context, input) => provideAgent(options, context, input),
      totpCode: (context, { username }) => totpCode(signedIn(context), username),
    },
    system: { health: (context) => systemHealth(db, signedIn(context)) },
    workflows: { discover: (context, request) => discover(signedIn(context), request) },
  };
}
