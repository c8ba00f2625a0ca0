import type { Viewer } from '../../handler.ts';
import { checkDocument } from '../check-document.ts';
import { type Parsed, parseDsl } from './parse.ts';
import { buildFrom, type DslOptions } from './source.ts';

export interface DslCheck {
  readonly valid: boolean;
  readonly errors: string[];
  readonly node_count: number;
  readonly edge_count: number;
}

const MAX_BYTES = 256 * 1024;
export const MAX_ERRORS = 100;

/** Checks a workflow written in the step language, or a document of export; nothing is stored. */
export async function checkDsl(options: DslOptions, viewer: Viewer, text: string): Promise<DslCheck> {
  const { parsed, error } = readDsl(text);
  if (parsed === null) return checked([`Parse error: ${error}`]);
  if (parsed.kind === 'document') {
    const { errors, nodeCount, edgeCount } = checkDocument(text, options.definitionOf);
    return checked(errors, { nodes: nodeCount, edges: edgeCount });
  }
  const { graph, problems } = await buildFrom(options, viewer, parsed);
  return checked(problems, { nodes: graph.nodes.length, edges: graph.edges.length });
}

export type Reading =
  | { readonly parsed: Parsed; readonly error: null }
  | { readonly parsed: null; readonly error: string };

/** Reads a document, or says in one line why it cannot be read. */
export function readDsl(text: string): Reading {
  try {
    if (Buffer.byteLength(text) > MAX_BYTES) throw new Error(`It is larger than ${MAX_BYTES / 1024} KiB.`);
    return { parsed: parseDsl(text), error: null };
  } catch (error) {
    // The rest of a YAML complaint draws the text itself.
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { parsed: null, error: first };
  }
}

const checked = (errors: readonly string[], counts = { nodes: 0, edges: 0 }): DslCheck => ({
  valid: errors.length === 0,
  errors: errors.slice(0, MAX_ERRORS),
  node_count: counts.nodes,
  edge_count: counts.edges,
});
