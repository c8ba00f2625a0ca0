import type { z } from 'zod';
import { credentialsIn, missingName, withCredentials } from '#domain/credential/reference.ts';
import type { GraphNode } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { withoutCredentials } from './credential-removal.ts';
import type { Store } from './row.ts';

const MAX_NAME = 200;

/** Nodes fit to leave their environment: credentials by name, and no password that is stored in a config. */
export async function withoutSecrets(
  db: Store,
  nodes: readonly GraphNode[],
  definitionOf: DefinitionOf,
): Promise<GraphNode[]> {
  const named = await nodesByName(db, nodes, definitionOf);
  return named.map((node) => withoutPasswords(node, definitionOf));
}

/** Nodes whose credentials are named instead of referred to. */
export async function nodesByName(
  db: Store,
  nodes: readonly GraphNode[],
  definitionOf: DefinitionOf,
): Promise<GraphNode[]> {
  const ids = nodes.flatMap((node) => idsIn(node, definitionOf));
  if (ids.length === 0) return [...nodes];
  const rows = await db.selectFrom('credentials').select(['id', 'name']).where('id', 'in', ids).execute();
  const names = new Map(rows.map(({ id, name }) => [id, name.slice(0, MAX_NAME)]));
  return nodes.map((node) => ({
    ...node,
    config: withoutCredentials(node, definitionOf, (id) =>
      typeof id === 'number' ? (names.get(id) ?? `credential ${id}`) : null,
    ),
  }));
}

/** Nodes of an earlier version: what they referred to and is not here any more becomes an empty reference. */
export async function withoutGone(
  db: Store,
  { nodes, environmentId }: { readonly nodes: readonly GraphNode[]; readonly environmentId: number },
  definitionOf: DefinitionOf,
): Promise<GraphNode[]> {
  const ids = nodes.flatMap((node) => idsIn(node, definitionOf));
  if (ids.length === 0) return [...nodes];
  const rows = await db
    .selectFrom('credentials')
    .select('id')
    .where('id', 'in', ids)
    .where('environment_id', '=', environmentId)
    .execute();
  const here = new Set<unknown>(rows.map(({ id }) => id));
  const nameOf = (id: unknown): string | null =>
    typeof id === 'number' && !here.has(id) ? `credential ${id}` : null;
  return nodes.map((node) => {
    const config = withoutCredentials(node, definitionOf, nameOf);
    return config === node.config ? node : { ...node, config };
  });
}

function idsIn({ type, config }: GraphNode, definitionOf: DefinitionOf): number[] {
  const definition = definitionOf(type);
  if (!definition) return [];
  const values = credentialsIn(config, definition).map(({ value }) => value);
  return values.filter((value): value is number => typeof value === 'number' && Number.isInteger(value));
}

function withoutPasswords(node: GraphNode, definitionOf: DefinitionOf): GraphNode {
  const definition = definitionOf(node.type);
  const hidden = Object.entries(definition?.config.shape ?? {}).filter(
    ([name, schema]) => node.config[name] !== undefined && isPassword(schema as z.ZodType),
  );
  if (hidden.length === 0) return node;
  return { ...node, config: { ...node.config, ...Object.fromEntries(hidden.map(([name]) => [name, ''])) } };
}

const isPassword = (schema: z.ZodType): boolean => schema.meta()?.['format'] === 'password';

/** Imported nodes: ids of another installation mean nothing here, and names only what the importer says they do. */
export function rebound(
  nodes: readonly GraphNode[],
  chosen: Readonly<Record<string, number>>,
  definitionOf: DefinitionOf,
): GraphNode[] {
  const change = (value: unknown): unknown => {
    const name = missingName(value) ?? `credential ${String(value)}`;
    return Object.hasOwn(chosen, name) ? chosen[name] : { missing: name.slice(0, MAX_NAME) };
  };
  return nodes.map((node) => {
    const definition = definitionOf(node.type);
    return definition ? { ...node, config: withCredentials(node.config, definition, change) } : node;
  });
}
