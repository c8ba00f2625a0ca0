import type { z } from 'zod';
import type { WorkflowDocument, workflowDocument } from '#contract/workflow.ts';
import type { Graph } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import type { Db } from '#server/db/connection.ts';
import { auditBy } from '../audit-log.ts';
import { type RequestContext, signedIn } from '../handler.ts';
import { nodesByName, rebound, withoutSecrets } from './credential-name.ts';
import { withoutApiFields } from './credential-removal.ts';
import type { Extras } from './graph-writer.ts';
import { loadGraph, type StoredGraph } from './row.ts';
import { slugOf } from './slug.ts';
import { findWorkflow, presentWorkflow, type WorkflowOut } from './store.ts';
import { insertWithGraph } from './workflow-writer.ts';

export interface CopyOptions {
  readonly db: Db;
  readonly definitionOf: DefinitionOf;
}

/** The workflow as a document without ids, owners or addresses. */
export async function exportWorkflow(
  { db, definitionOf }: CopyOptions,
  context: RequestContext,
  slug: string,
): Promise<z.input<typeof workflowDocument>> {
  const workflow = await findWorkflow(db, signedIn(context), slug);
  const { graph } = await loadGraph(db, workflow.id);
  const { name, description, tags } = workflow;
  const document = {
    format: 'pipewright/workflow',
    version: 1,
    workflow: { name, description, tags },
    nodes: await withoutSecrets(db, graph.nodes, definitionOf),
    edges: graph.edges,
  };
  await auditBy(db, context, { action: 'workflow_exported', target: slug });
  return document as z.input<typeof workflowDocument>;
}

export interface ImportRequest {
  readonly document: WorkflowDocument;
  readonly name?: string | undefined;
  /** Which of the importer's credentials stands for a name in the document. */
  readonly credentials?: Readonly<Record<string, number>> | undefined;
}

/** Makes a new workflow from a document; its webhooks get addresses of their own. */
export async function importWorkflow(
  { db, definitionOf }: CopyOptions,
  context: RequestContext,
  { document, name, credentials = {} }: ImportRequest,
): Promise<WorkflowOut> {
  const { workflow, nodes, edges } = document;
  const title = name ?? workflow.name;
  const fields = {
    name: title,
    slug: slugOf(title),
    description: workflow.description,
    tags: workflow.tags ?? null,
  };
  const graph: Graph = { nodes: rebound(nodes, credentials, definitionOf), edges };
  const id = await db.transaction().execute(async (trx) => {
    await auditBy(trx, context, { action: 'workflow_imported', target: title });
    return insertWithGraph(trx, signedIn(context), { fields, graph }, definitionOf);
  });
  return presentWorkflow(db, id);
}

export async function duplicateWorkflow(
  { db, definitionOf }: CopyOptions,
  context: RequestContext,
  slug: string,
): Promise<WorkflowOut> {
  const viewer = signedIn(context);
  const workflow = await findWorkflow(db, viewer, slug);
  const stored = await loadGraph(db, workflow.id);
  const { description, is_active, is_public, tags, error_handler_workflow_id } = workflow;
  const { max_execution_seconds, max_concurrent_runs, priority, deadline_counts_waits } = workflow;
  const fields = {
    name: `${workflow.name.slice(0, 190)} (copy)`,
    slug: `${workflow.slug.slice(0, 180)}-copy`,
    description,
    is_active,
    is_public,
    tags,
    error_handler_workflow_id,
    max_execution_seconds,
    max_concurrent_runs,
    priority,
    deadline_counts_waits,
    input_schema: workflow.input_schema as Record<string, unknown> | null,
    output_schema: workflow.output_schema as Record<string, unknown> | null,
  };
  // Somebody else's credentials do not come along.
  const isForeign = workflow.environment_id !== viewer.environmentId;
  const nodes = isForeign ? await nodesByName(db, stored.graph.nodes, definitionOf) : stored.graph.nodes;
  const copy = { fields, graph: { ...stored.graph, nodes }, extras: extrasOf(stored, isForeign) };
  const id = await db.transaction().execute(async (trx) => {
    await auditBy(trx, context, { action: 'workflow_created', target: fields.name, detail: { from: slug } });
    return insertWithGraph(trx, viewer, copy, definitionOf);
  });
  return presentWorkflow(db, id);
}

const extrasOf = ({ nodes, edges }: StoredGraph, isForeign: boolean): Extras => ({
  nodes: new Map(nodes.map((row) => [row.node_id, withoutApiFields(row.api_fields, () => isForeign)])),
  edges: new Map(edges.map((row) => [row.id, row.api_fields])),
});
