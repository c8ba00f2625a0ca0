import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { auditBy } from '../../audit-log.ts';
import { type RequestContext, signedIn } from '../../handler.ts';
import { nodesByName } from '../credential-name.ts';
import { withoutApiFields } from '../credential-removal.ts';
import type { Extras } from '../graph-writer.ts';
import { slugOf } from '../slug.ts';
import { presentWorkflow } from '../store.ts';
import { publish } from '../workflow-event.ts';
import { insertWithGraph } from '../workflow-writer.ts';
import { careOf, destructiveSteps, withCare } from './care.ts';
import { MAX_ERRORS, readDsl } from './check.ts';
import { type Asking, type Built, buildFrom } from './source.ts';

export interface DslRequest {
  readonly yaml_str: string;
  /** Besides those of the document. */
  readonly tags?: readonly string[] | undefined;
  readonly inherit_from?: Asking | null | undefined;
}

export interface DslResult {
  readonly success: true;
  readonly workflow_id: number;
  readonly slug: string;
  readonly node_count: number;
  readonly edge_count: number;
  readonly mode: 'create' | 'fork';
  /** Why a person has to switch it on first; null: it is on. */
  readonly notice: string | null;
}

/**
 * Makes a workflow from a document of the step language, or a changed copy of another one.
 * @throws AppError `invalid` with every reason, each naming the step and the field
 */
export async function createFromDsl(
  { db, definitionOf }: { readonly db: Db; readonly definitionOf: DefinitionOf },
  context: RequestContext,
  { yaml_str, tags = [], inherit_from = null }: DslRequest,
): Promise<DslResult> {
  const viewer = signedIn(context);
  const { parsed, error } = readDsl(yaml_str);
  if (parsed === null) throw refused([`Parse error: ${error}`]);
  if (parsed.kind === 'document') {
    throw refused(['This is a document of an export. Import it with POST /workflows/import/.']);
  }
  const built = await buildFrom({ db, definitionOf }, viewer, parsed, inherit_from);
  if (built.problems.length > 0) throw refused(built.problems);
  const { about, source } = built;
  const care = await careOf(db, context);
  const unasked = care === 'never' ? [] : destructiveSteps(built.graph, definitionOf);
  const fields = {
    // An agent that asks first does not get round that by having it done in a workflow of its own.
    is_active: unasked.length === 0,
    name: about.name,
    slug: slugOf(about.name),
    description: about.description,
    tags: [...new Set([...about.tags, ...tags])].slice(0, 100),
  };
  // Somebody else's credentials do not come along.
  const isForeign = source !== null && source.environmentId !== viewer.environmentId;
  const ours = isForeign ? await nodesByName(db, built.graph.nodes, definitionOf) : built.graph.nodes;
  const nodes = withCare(ours, care);
  const made = { fields, graph: { nodes, edges: built.graph.edges }, extras: extrasOf(built, isForeign) };
  return db.transaction().execute(async (trx) => {
    const id = await insertWithGraph(trx, viewer, made, definitionOf);
    const { slug, name } = await presentWorkflow(trx, id);
    const detail = { by: 'dsl', ...(parsed.kind === 'fork' && { from: parsed.source }) };
    await auditBy(trx, context, { action: 'workflow_created', target: slug, detail });
    await publish(trx, slug, [{ type: 'workflow_created', data: { slug, name } }]);
    return {
      success: true,
      workflow_id: id,
      slug,
      node_count: nodes.length,
      edge_count: made.graph.edges.length,
      mode: parsed.kind,
      notice: unasked.length === 0 ? null : switchedOff(unasked),
    };
  });
}

const switchedOff = (steps: readonly string[]): string =>
  `It is switched off: ${steps.map((id) => `“${id}”`).join(', ')} would change something outside without asking. A person has to look at it and switch it on.`;

const refused = (problems: readonly string[]): AppError =>
  new AppError('invalid', { validation_errors: problems.slice(0, MAX_ERRORS) });

/** What the API keeps of nodes and edges that are still those of the copied workflow. */
function extrasOf({ source, graph }: Built, isForeign: boolean): Extras {
  if (!source) return {};
  const nodes = new Set(graph.nodes.map((node) => node.id));
  const edges = new Set(graph.edges.map((edge) => edge.id));
  const { stored } = source;
  return {
    nodes: new Map(
      stored.nodes
        .filter((row) => nodes.has(row.node_id))
        .map((row) => [row.node_id, withoutApiFields(row.api_fields, () => isForeign)]),
    ),
    edges: new Map(stored.edges.filter((row) => edges.has(row.id)).map((row) => [row.id, row.api_fields])),
  };
}
