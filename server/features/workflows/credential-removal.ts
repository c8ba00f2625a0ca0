import { type SqlBool, sql, type Transaction } from 'kysely';
import { withCredentials } from '#domain/credential/reference.ts';
import type { GraphCommand } from '#domain/graph/command.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import type { Database } from '#server/db/schema.ts';
import { API_FIELDS } from './credential-reference.ts';
import { changeStored } from './graph-change.ts';
import { loadGraph, type NodeApiFields, type NodeRow } from './row.ts';

type Trx = Transaction<Database>;
type Names = ReadonlyMap<unknown, string>;

/** How nodes lose their references to credentials that are deleted. */
export function credentialReferences(definitionOf: DefinitionOf) {
  return {
    lock: async (trx: Trx, credentialIds: readonly number[]): Promise<readonly number[]> => {
      const rows = await trx
        .selectFrom('workflows')
        .select('id')
        .where(usesOneOf(credentialIds))
        .orderBy('id')
        .forUpdate()
        .execute();
      return rows.map(({ id }) => id);
    },
    empty: async (
      trx: Trx,
      gone: readonly { readonly id: number; readonly name: string }[],
      actorId: number,
    ): Promise<void> => {
      const names: Names = new Map(gone.map(({ id, name }) => [id, name]));
      const workflows = await trx
        .selectFrom('workflows')
        .select(['id', 'slug', 'revision', 'next_edge_id'])
        .where(usesOneOf(gone.map(({ id }) => id)))
        .orderBy('id')
        .execute();
      for (const workflow of workflows) {
        const stored = await loadGraph(trx, workflow.id);
        const emptied = stored.nodes.map((row) => ({ row, ...emptiedNode(row, names, definitionOf) }));
        const commands = emptied
          .filter(({ row, config }) => config !== row.config)
          .map(({ row, config }) => ({ kind: 'update_node', id: row.node_id, config }) as GraphCommand);
        const fields = emptied.filter(({ row, apiFields }) => apiFields !== row.api_fields);
        const nodes = new Map(fields.map(({ row, apiFields }) => [row.node_id, apiFields]));
        await changeStored(trx, workflow, { commands, extras: { nodes }, actorId, stored }, definitionOf);
      }
    },
  };
}

const usesOneOf = (ids: readonly number[]) => sql<SqlBool>`exists (select from credential_uses u
  where u.workflow_id = workflows.id and u.credential_id = any(${[...ids]}::int[]))`;

/** The same objects where the node refers to none of them. */
function emptiedNode(row: NodeRow, names: Names, definitionOf: DefinitionOf) {
  return {
    config: withoutCredentials(row, definitionOf, (id) => names.get(id) ?? null),
    apiFields: withoutApiFields(row.api_fields, (id) => names.has(id)),
  };
}

/** References for which `nameOf` knows a name become that name; the same config where none is. */
export function withoutCredentials(
  { type, config }: Pick<NodeRow, 'type' | 'config'>,
  definitionOf: DefinitionOf,
  nameOf: (id: unknown) => string | null,
): Readonly<Record<string, unknown>> {
  const definition = definitionOf(type);
  if (!definition) return config;
  return withCredentials(config, definition, (value) => {
    const missing = nameOf(value);
    return missing === null ? value : { missing };
  });
}

/** The reference API knows nothing but an id or null. */
export function withoutApiFields(fields: NodeApiFields, isGone: (id: unknown) => boolean): NodeApiFields {
  const gone = API_FIELDS.filter((name) => {
    const id = fields.config?.[name];
    return typeof id === 'number' && isGone(id);
  });
  if (gone.length === 0) return fields;
  return { ...fields, config: { ...fields.config, ...Object.fromEntries(gone.map((name) => [name, null])) } };
}
