import type {
  TRPCBuiltRouter,
  TRPCDefaultErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
} from '@trpc/server';
import type { z } from 'zod';
import type { ProblemCode, ProblemDetail } from '#domain/problem.ts';
import { auth } from './account.ts';
import { agents } from './agent.ts';
import { approvals } from './approval.ts';
import { audit } from './audit.ts';
import { budgets } from './budget.ts';
import { chat } from './chat.ts';
import { credentials } from './credential.ts';
import { epics, tasks } from './epic.ts';
import { executions } from './execution.ts';
import { edges, nodes } from './graph.ts';
import { inbound } from './inbound.ts';
import { mcp } from './mcp.ts';
import { memories } from './memory.ts';
import { memorySearch } from './memory-search.ts';
import { mfa } from './mfa.ts';
import { models } from './model.ts';
import type { Operation } from './operation.ts';
import { quotas } from './quota.ts';
import { sandboxes } from './sandbox.ts';
import { schedules } from './schedule.ts';
import { sessions } from './session.ts';
import { settings } from './settings.ts';
import { sockets } from './socket.ts';
import { users } from './user.ts';
import { versions } from './version.ts';
import { visits } from './visit.ts';
import { webhooks } from './webhook.ts';
import { workflows } from './workflow.ts';

/** The whole API as data. REST, tRPC and OpenAPI are all derived from this table. */
export const contract = {
  auth,
  mfa,
  sessions,
  // Before users: there, `agents` would be somebody's id.
  agents,
  users,
  workflows,
  nodes,
  edges,
  executions,
  approvals,
  credentials,
  schedules,
  audit,
  epics,
  tasks,
  chat,
  inbound,
  memories,
  memorySearch,
  mcp,
  sandboxes,
  settings,
  sockets,
  versions,
  visits,
  webhooks,
  quotas,
  models,
  budgets,
} as const;
export type Contract = typeof contract;

type ProcedureOf<T> =
  T extends Operation<infer M, infer I, infer O>
    ? M extends 'get'
      ? TRPCQueryProcedure<{ input: z.input<I>; output: z.output<O>; meta: unknown }>
      : TRPCMutationProcedure<{ input: z.input<I>; output: z.output<O>; meta: unknown }>
    : never;

/** How an error looks to the tRPC client: the REST error body beside tRPC's own fields. */
export interface ErrorShape extends TRPCDefaultErrorShape {
  readonly data: TRPCDefaultErrorShape['data'] & {
    readonly problem: ProblemCode;
    readonly detail: ProblemDetail;
    /** Such as the `missing` commands and the current `revision` of a save that came too late. */
    readonly extra: Readonly<Record<string, unknown>>;
  };
}

/** What the tRPC client knows of the server; no server code is imported for it. */
export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: false },
  { [A in keyof Contract]: { [K in keyof Contract[A]]: ProcedureOf<Contract[A][K]> } }
>;

export type InputOf<A extends keyof Contract, K extends keyof Contract[A]> =
  Contract[A][K] extends Operation<infer _M, infer I> ? z.input<I> : never;
export type OutputOf<A extends keyof Contract, K extends keyof Contract[A]> =
  Contract[A][K] extends Operation<infer _M, infer _I, infer O> ? z.output<O> : never;
