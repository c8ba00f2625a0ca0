import type { DefinitionOf } from '#domain/node/definition.ts';
import type { Viewer } from '../../handler.ts';
import { checkDocument } from '../check-document.ts';
import type { Store } from '../row.ts';
import { visible } from '../store.ts';
import { type Built, buildGraph } from './build.ts';
import { modelProblems } from './model.ts';
import { type Parsed, parseDsl } from './parse.ts';

export interface DslCheck {
  readonly valid: boolean;
  readonly errors: string[];
  readonly node_count: number;
  readonly edge_count: number;
}

const MAX_BYTES = 256 * 1024;
const MAX_ERRORS = 100;

/** Checks a workflow written in the step language, or a document of export; nothing is stored. */
export async function checkDsl(
  { db, definitionOf }: { readonly db: Store; readonly definitionOf: DefinitionOf },
  viewer: Viewer,
  text: string,
): Promise<DslCheck> {
  const parsed = attempt(() => parseBounded(text));
  if (parsed.value === null) return checked([`Parse error: ${parsed.error}`]);
  const { value } = parsed;
  if (value.kind === 'document') {
    const { errors, nodeCount, edgeCount } = checkDocument(text, definitionOf);
    return checked(errors, { nodes: nodeCount, edges: edgeCount });
  }
  if (value.kind === 'fork') {
    const source = await visible(db, viewer).select('id').where('slug', '=', value.source).executeTakeFirst();
    return checked(source ? [] : [`Source workflow '${value.source}' not found`]);
  }
  const models = await modelProblems(db, viewer, value);
  const built = attempt(() => buildGraph(value));
  const errors = [
    ...models.map((problem) => `Model resolution error: ${problem}`),
    ...(built.value === null ? [built.error] : typeProblems(built.value, definitionOf)).map(
      (problem) => `Graph build error: ${problem}`,
    ),
  ];
  return checked(errors, { nodes: built.value?.nodes.length ?? 0, edges: built.value?.edges.length ?? 0 });
}

function parseBounded(text: string): Parsed {
  if (Buffer.byteLength(text) > MAX_BYTES) throw new Error(`It is larger than ${MAX_BYTES / 1024} KiB.`);
  return parseDsl(text);
}

/** Node types this installation does not have. */
function typeProblems({ nodes }: Built, definitionOf: DefinitionOf): string[] {
  const unknown = nodes.filter((node) => !definitionOf(node.type));
  return unknown.map(({ id, type }) => `'${id}' needs the node type '${type}', which is not available here`);
}

const checked = (errors: readonly string[], counts = { nodes: 0, edges: 0 }): DslCheck => ({
  valid: errors.length === 0,
  errors: errors.slice(0, MAX_ERRORS),
  node_count: counts.nodes,
  edge_count: counts.edges,
});

type Attempt<T> =
  | { readonly value: T; readonly error: null }
  | { readonly value: null; readonly error: string };

/** The first line of the reason when it throws: the rest of a YAML complaint draws the text itself. */
function attempt<T>(action: () => T): Attempt<T> {
  try {
    return { value: action(), error: null };
  } catch (error) {
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { value: null, error: first };
  }
}
