import { validateGraph } from '#domain/graph/validate.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import type { Viewer } from '../../handler.ts';
import type { StoredGraph } from '../row.ts';
import { loadGraph, type Store } from '../row.ts';
import { visible } from '../store.ts';
import { type Compiled, compileSteps, everyStep } from './compile.ts';
import { forkGraph } from './fork.ts';
import { chooseModels, type ParentModel } from './model.ts';
import type { About, Mapping, Parsed } from './parse.ts';
import type { ParentTools } from './part.ts';

export interface DslOptions {
  readonly db: Store;
  readonly definitionOf: DefinitionOf;
}

/** The node whose model and tools `inherit` stands for. */
export interface Asking {
  readonly workflow_id: number;
  readonly node_id: string;
}

/** A document of the step language as a graph, or why it is none. */
export interface Built {
  readonly graph: Compiled['graph'];
  readonly about: About;
  readonly problems: readonly string[];
  /** What is copied, when it is a fork. */
  readonly source: {
    readonly id: number;
    readonly environmentId: number;
    readonly stored: StoredGraph;
  } | null;
}

const NOTHING = { nodes: [], edges: [] };
const NO_TOOLS: ParentTools = new Map();

/** Compiles a document; what is wrong is in `problems`, with the words the API has for its stages. */
export async function buildFrom(
  options: DslOptions,
  viewer: Viewer,
  parsed: Exclude<Parsed, { kind: 'document' }>,
  asking: Asking | null = null,
): Promise<Built> {
  const parent = asking ? await parentOf(options, viewer, asking) : { model: null, tools: NO_TOOLS };
  return parsed.kind === 'create'
    ? create(options, viewer, parsed, parent)
    : fork(options, viewer, parsed, parent);
}

export interface Parent {
  readonly model: ParentModel;
  readonly tools: ParentTools;
}

async function create(
  { db, definitionOf }: DslOptions,
  viewer: Viewer,
  parsed: Extract<Parsed, { kind: 'create' }>,
  parent: Parent,
): Promise<Built> {
  const look = { db, viewer, parentModel: parent.model };
  const wanted = { model: parsed.model, steps: everyStep(parsed.steps) };
  const { models, problems } = await chooseModels(look, wanted);
  const compiled = compileSteps(parsed, { definitionOf, models, parentTools: parent.tools });
  const all = [
    ...problems.map((problem) => `Model resolution error: ${problem}`),
    ...buildProblems(compiled, definitionOf),
  ];
  return { graph: compiled.graph, about: parsed.about, problems: all, source: null };
}

async function fork(
  options: DslOptions,
  viewer: Viewer,
  parsed: Extract<Parsed, { kind: 'fork' }>,
  parent: Parent,
): Promise<Built> {
  const { db, definitionOf } = options;
  const row = await visible(db, viewer)
    .select(['id', 'environment_id', 'name', 'description', 'tags'])
    .where('slug', '=', parsed.source)
    .executeTakeFirst();
  const tags = row?.tags ?? [];
  const name = `${(row?.name ?? '').slice(0, 190)} (fork)`;
  const about = { name, description: row?.description ?? '', tags, ...parsed.about };
  if (!row) {
    return {
      graph: NOTHING,
      about,
      problems: [`Source workflow '${parsed.source}' not found`],
      source: null,
    };
  }
  const stored = await loadGraph(db, row.id);
  const look = { db, viewer, parentModel: parent.model };
  const forked = await forkGraph(stored.graph, parsed.patches, { look, definitionOf, parent });
  const source = { id: row.id, environmentId: row.environment_id, stored };
  return { graph: forked.graph, about, problems: buildProblems(forked, definitionOf), source };
}

/** The first reasons are those of the steps; what only follows from them is left out. */
function buildProblems({ graph, problems }: Compiled, definitionOf: DefinitionOf): string[] {
  const own = problems.length > 0 ? problems : graphProblems(graph, definitionOf);
  return [...new Set(own)].map((problem) => `Graph build error: ${problem}`);
}

function graphProblems(graph: Compiled['graph'], definitionOf: DefinitionOf): string[] {
  return validateGraph(graph, definitionOf)
    .filter(({ level }) => level === 'error')
    .map(({ code, message, nodeId }) =>
      code === 'required_input' && /\bmodel connection|\bmodel \(model\)/.test(message)
        ? `'${nodeId}'.model: No model is named, neither here nor for the whole workflow. ` +
          'Write inherit, a credential_id and model_name, a capability, or discover: true.'
        : message,
    );
}

/** What the asking agent has plugged in. */
async function parentOf({ db, definitionOf }: DslOptions, viewer: Viewer, asking: Asking): Promise<Parent> {
  const row = await visible(db, viewer).select('id').where('id', '=', asking.workflow_id).executeTakeFirst();
  if (!row) return { model: null, tools: NO_TOOLS };
  const { graph } = await loadGraph(db, row.id);
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const parts = graph.edges
    .filter((edge) => edge.target === asking.node_id)
    .map((edge) => nodes.get(edge.source));
  const model = parts.find((part) => part?.type === 'ai_model')?.config ?? null;
  const tools = new Map<string, Mapping>(
    parts.flatMap((part) => (part && definitionOf(part.type)?.tool ? [[part.type, part.config]] : [])),
  );
  return { model, tools };
}
