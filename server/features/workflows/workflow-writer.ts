import type { Transaction } from 'kysely';
import type { GraphCommand } from '#domain/graph/command.ts';
import type { Graph } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { Database } from '#server/db/schema.ts';
import { refuseBeyondQuota } from '../quota.ts';
import { changeStored } from './graph-change.ts';
import type { Extras } from './graph-writer.ts';
import { freeSlug } from './slug.ts';

/** The fields a client may set; absent ones keep the database's default. */
export interface WorkflowFields {
  readonly name: string;
  readonly slug: string;
  readonly description?: string | undefined;
  readonly is_active?: boolean | undefined;
  readonly is_public?: boolean | undefined;
  readonly is_default?: boolean | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly error_handler_workflow_id?: number | null | undefined;
  readonly max_execution_seconds?: number | undefined;
  readonly max_concurrent_runs?: number | null | undefined;
  readonly priority?: number | undefined;
  readonly deadline_counts_waits?: boolean | undefined;
  readonly input_schema?: Readonly<Record<string, unknown>> | null | undefined;
  readonly output_schema?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface Owner {
  readonly userId: number;
  readonly environmentId: number;
}

const JSON_FIELDS = new Set(['tags', 'input_schema', 'output_schema']);

/** The given fields as columns; JSON goes as text. */
export function columnsOf(
  fields: { readonly [K in keyof WorkflowFields]?: WorkflowFields[K] | undefined },
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, JSON_FIELDS.has(key) && value !== null ? JSON.stringify(value) : value]),
  );
}

/**
 * Stores a workflow under the first free form of its slug.
 * @returns its id and the slug it got.
 */
export async function insertWorkflow(
  trx: Transaction<Database>,
  owner: Owner,
  fields: WorkflowFields,
): Promise<{ id: number; slug: string; revision: number; next_edge_id: number }> {
  await refuseBeyondQuota(trx, 'workflows', owner);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const slug = await freeSlug(trx, fields.slug);
    const row = await trx
      .insertInto('workflows')
      .values({
        ...columnsOf(fields),
        name: fields.name,
        slug,
        environment_id: owner.environmentId,
        owner_id: owner.userId,
      })
      .onConflict((conflict) => conflict.column('slug').doNothing())
      .returning(['id', 'slug', 'revision', 'next_edge_id'])
      .executeTakeFirst();
    if (row) return row;
  }
  throw new AppError('conflict', 'No free slug was found. Choose another one.');
}

export interface NewWorkflow {
  readonly fields: WorkflowFields;
  readonly graph: Graph;
  readonly extras?: Extras;
}

/** Stores a workflow together with its graph. @throws AppError `invalid` when the graph may not be stored. */
export async function insertWithGraph(
  trx: Transaction<Database>,
  owner: Owner,
  { fields, graph, extras }: NewWorkflow,
  definitionOf: DefinitionOf,
): Promise<number> {
  const workflow = await insertWorkflow(trx, owner, fields);
  const commands = commandsFor(graph);
  if (commands.length > 0) {
    const change = { commands, actorId: owner.userId, ...(extras && { extras }) };
    await changeStored(trx, workflow, change, definitionOf);
  }
  return workflow.id;
}

/** The commands that draw a graph from nothing. */
export function commandsFor(graph: Graph): GraphCommand[] {
  return [
    ...graph.nodes.map((node) => ({ kind: 'add_node', node }) as GraphCommand),
    ...graph.edges.map((edge) => ({ kind: 'add_edge', edge }) as GraphCommand),
  ];
}
