import { sql } from 'kysely';
import type { Contract } from '#contract/contract.ts';
import { END_OF_PATH, type Graph } from '#domain/graph/graph.ts';
import { type Problem, validateGraph } from '#domain/graph/validate.ts';
import { type AnyDefinition, type DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { Config } from '#server/config.ts';
import type { Db } from '#server/db/connection.ts';
import type { Engine } from '#server/engine/engine.ts';
import { madeOnce } from '#server/made-once.ts';
import { createSkillFolder } from '#server/skills/skill-folder.ts';
import { auditBy } from '../audit-log.ts';
import { type HandlersOf, signedIn, type Viewer } from '../handler.ts';
import type { ChangeNotice } from './change-notice.ts';
import { duplicateWorkflow, exportWorkflow, importWorkflow } from './copy.ts';
import { documentAsText, documentFromText } from './document-text.ts';
import { checkDsl } from './dsl/check.ts';
import { createFromDsl } from './dsl/create.ts';
import { edgeFace } from './edge-face.ts';
import { execute } from './execute.ts';
import { changeGraph, readGraph } from './graph-handlers.ts';
import { nodeFace } from './node-face.ts';
import { nodeTypeCatalogue } from './node-type-face.ts';
import { outsideProblems } from './outside-problem.ts';
import { loadGraph } from './row.ts';
import { scheduleJobs } from './schedule-job.ts';
import { checkSlug, isReserved } from './slug.ts';
import { findWorkflow, listWorkflows, lockWorkflow, presentWorkflow, visible } from './store.ts';
import type { Versions } from './version.ts';
import { refuseWithoutSecret } from './webhook-secret.ts';
import { publish, WORKFLOWS_CHANGED } from './workflow-event.ts';
import { removeWorkflow } from './workflow-removal.ts';
import { columnsOf, insertWorkflow } from './workflow-writer.ts';

export interface WorkflowOptions {
  readonly db: Db;
  readonly engine: Engine;
  readonly versions: Versions;
  readonly notice: ChangeNotice;
  readonly definitions: readonly AnyDefinition[];
  readonly definitionOf: DefinitionOf;
  readonly config: Pick<Config, 'skillsDir'>;
}

/** What has no trigger yet is unfinished, not wrong: clients of this API ask while they build. */
const countsAsError = ({ level, code }: Problem): boolean => level === 'error' && code !== 'no_trigger';

export function workflowHandlers(
  options: WorkflowOptions,
): Omit<HandlersOf<Contract['workflows']>, 'propose'> {
  const { db, definitionOf } = options;
  const skills = createSkillFolder(options.config.skillsDir);
  const catalogue = madeOnce(() => nodeTypeCatalogue(options.definitions));
  const hostTypes = options.definitions.filter((one) => one.needsOperator).map((one) => one.type);
  return {
    list: (context, input) => listWorkflows(db, signedIn(context), input),
    create: async (context, input) => {
      const viewer = signedIn(context);
      const slug = checkSlug(input.slug);
      await checkReference(db, viewer, input.error_handler_workflow_id);
      const { id } = await db.transaction().execute(async (trx) => {
        const made = await insertWorkflow(trx, viewer, { ...input, slug });
        await auditBy(trx, context, { action: 'workflow_created', target: made.slug });
        return made;
      });
      return presentWorkflow(db, id);
    },
    nodeTypes: () => Promise.resolve(catalogue()),
    hostTypes: () => Promise.resolve(hostTypes),
    fromDsl: (context, input) => createFromDsl(options, context, input),
    validateDsl: (context, { yaml_str }) => checkDsl(options, signedIn(context), yaml_str),
    batchDelete: async (context, { slugs }) => {
      const viewer = signedIn(context);
      const rows = await visible(db, viewer)
        .select('slug')
        .where('slug', 'in', ['', ...slugs])
        .execute();
      for (const { slug } of rows) await removeWorkflow(options, context, slug).catch(ignoreMissing);
    },
    import: (context, input) => importWorkflow(options, context, input),
    importText: (context, { text, ...rest }) =>
      importWorkflow(options, context, { ...rest, document: documentFromText(text) }),
    get: async (context, { workflow_slug }) => {
      const workflow = await findWorkflow(db, signedIn(context), workflow_slug);
      const stored = await loadGraph(db, workflow.id);
      const jobs = await scheduleJobs(db, workflow.id);
      const shown = await presentWorkflow(db, workflow.id);
      const nodes = stored.nodes.map(nodeFace(stored, jobs, definitionOf));
      return { ...shown, nodes, edges: stored.edges.map(edgeFace(stored.graph, definitionOf)) };
    },
    update: (context, input) => update(options, signedIn(context), input),
    remove: (context, { workflow_slug }) => removeWorkflow(options, context, workflow_slug),
    duplicate: (context, { workflow_slug }) => duplicateWorkflow(options, context, workflow_slug),
    validate: async (context, { workflow_slug }) => {
      const workflow = await findWorkflow(db, signedIn(context), workflow_slug);
      const { graph, edges } = await loadGraph(db, workflow.id);
      const outside = { db, skills, environmentId: workflow.environment_id };
      const problems = [...validateGraph(graph, definitionOf), ...(await outsideProblems(outside, graph))];
      const found = problems.filter(countsAsError).map(({ message }) => message);
      const errors = [...found, ...lostWays(edges.map(edgeFace(graph, definitionOf)), graph)];
      return {
        valid: errors.length === 0,
        errors,
        problems: problems.map(({ nodeId, edgeId, field, level, code, message }) => ({
          level,
          code,
          message,
          node_id: nodeId ?? null,
          edge_id: edgeId ?? null,
          field: field ?? null,
        })),
      };
    },
    execute: (context, input) => execute(options, context, input),
    graph: (context, { workflow_slug }) => readGraph(options, signedIn(context), workflow_slug),
    changeGraph: (context, input) => changeGraph(options, signedIn(context), input),
    export: (context, { workflow_slug }) => exportWorkflow(options, context, workflow_slug),
    exportText: async (context, { workflow_slug, format }) => {
      const document = await exportWorkflow(options, context, workflow_slug);
      return { filename: `${workflow_slug}.${format}`, text: documentAsText(document, format) };
    },
  };
}

/** Conditional edges that lead nowhere, in the words of their own that the API has for them. */
function lostWays(edges: readonly ReturnType<ReturnType<typeof edgeFace>>[], { nodes }: Graph): string[] {
  const known = new Set([...nodes.map((node) => node.id), END_OF_PATH]);
  return edges
    .filter((edge) => edge.edge_type === 'conditional' && !known.has(edge.target_node_id))
    .map(
      (edge) =>
        `Conditional edge from '${edge.source_node_id}' targets unknown node '${edge.target_node_id}'`,
    );
}

/** @throws AppError `invalid` for a workflow the caller may not refer to. */
async function checkReference(db: Db, viewer: Viewer, id: number | null | undefined): Promise<void> {
  if (id === null || id === undefined) return;
  const found = await visible(db, viewer).select('id').where('id', '=', id).executeTakeFirst();
  if (found) return;
  const msg = 'There is no such workflow.';
  throw new AppError('invalid', [
    { type: 'value_error', loc: ['body', 'error_handler_workflow_id'], msg, input: id },
  ]);
}

type Update = Parameters<HandlersOf<Contract['workflows']>['update']>[1];

async function update({ db, notice }: WorkflowOptions, viewer: Viewer, input: Update) {
  const { workflow_slug, ...fields } = input;
  const slug = fields.slug === undefined ? undefined : checkSlug(fields.slug);
  await checkReference(db, viewer, fields.error_handler_workflow_id);
  const shown = await db.transaction().execute(async (trx) => {
    const workflow = await lockWorkflow(trx, viewer, workflow_slug);
    if (slug !== undefined && slug !== workflow.slug) {
      const taken = await trx
        .selectFrom('workflows')
        .select('id')
        .where('slug', '=', slug)
        .executeTakeFirst();
      if (taken || isReserved(slug))
        throw new AppError('conflict', `Workflow with slug '${slug}' already exists.`);
    }
    if (fields.is_active === true && !workflow.is_active) await refuseWithoutSecret(trx, workflow.id);
    await trx
      .updateTable('workflows')
      .set({ ...columnsOf({ ...fields, slug }), updated_at: sql`now()` })
      .where('id', '=', workflow.id)
      .execute();
    const after = await presentWorkflow(trx, workflow.id);
    const event = { type: 'workflow_updated' as const, data: after };
    for (const channel of new Set([workflow.slug, after.slug])) await publish(trx, channel, [event]);
    await sql`select pg_notify(${WORKFLOWS_CHANGED}, ${String(workflow.id)})`.execute(trx);
    return after;
  });
  notice.changed(shown.id);
  return shown;
}

/** Of two callers deleting at once, the second finds nothing, which is what it wanted. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
}
