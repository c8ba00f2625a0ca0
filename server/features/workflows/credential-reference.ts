import type { Transaction } from 'kysely';
import { credentialsIn, missingName } from '#domain/credential/reference.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError, type FieldProblem } from '#domain/problem.ts';
import type { Database } from '#server/db/schema.ts';
import type { NodeRow } from './row.ts';

type Trx = Transaction<Database>;
type Referring = Pick<NodeRow, 'node_id' | 'type' | 'config' | 'api_fields'>;

/** The reference API's own fields that name a credential. */
export const API_FIELDS = ['llm_credential_id', 'credential_id'] as const;

interface Reference {
  readonly node: string;
  readonly loc: readonly string[];
  readonly value: unknown;
}

/** Every reference of a node to a credential, empty ones left out. */
export function referencesOf(row: Referring, definitionOf: DefinitionOf): Reference[] {
  const definition = definitionOf(row.type);
  const inConfig = definition ? credentialsIn(row.config, definition) : [];
  const ownFields = API_FIELDS.filter((name) => typeof row.api_fields.config?.[name] === 'number');
  return [
    ...inConfig.map(({ field, value }) => ({
      node: row.node_id,
      loc: ['body', 'config', 'extra_config', ...field.split('.')],
      value,
    })),
    ...ownFields.map((name) => ({
      node: row.node_id,
      loc: ['body', 'config', name],
      value: row.api_fields.config?.[name],
    })),
  ];
}

export interface ChangedNodes {
  readonly before: readonly NodeRow[];
  /** Made or changed. */
  readonly written: readonly NodeRow[];
  readonly removed: readonly string[];
  readonly renamedFrom: string | undefined;
}

/**
 * Checks the credentials that changed nodes refer to and keeps the list of uses in step. Only credentials of the
 * workflow's own environment may be referred to.
 * @throws AppError `invalid` naming node and field
 */
export async function keepCredentials(
  trx: Trx,
  workflowId: number,
  changed: ChangedNodes,
  definitionOf: DefinitionOf,
): Promise<void> {
  const { before, written, removed, renamedFrom } = changed;
  const touched = new Set([...removed, ...written.map((row) => row.node_id)]);
  const old = before.filter((row) => touched.has(row.node_id) || renamedFrom !== undefined);
  const references = written.flatMap((row) => referencesOf(row, definitionOf));
  if (references.length === 0 && old.every((row) => referencesOf(row, definitionOf).length === 0)) return;
  const given = references.filter(({ value }) => missingName(value) === null);
  await refuseForeign(trx, workflowId, given);
  const gone = [...touched, ...(renamedFrom === undefined ? [] : [renamedFrom])];
  await trx
    .deleteFrom('credential_uses')
    .where('workflow_id', '=', workflowId)
    .where('node_id', 'in', gone)
    .execute();
  if (given.length === 0) return;
  const uses = given.map(({ node, value }) => ({
    credential_id: Number(value),
    workflow_id: workflowId,
    node_id: node,
  }));
  await trx
    .insertInto('credential_uses')
    .values(uses)
    .onConflict((same) => same.doNothing())
    .execute();
}

async function refuseForeign(trx: Trx, workflowId: number, given: readonly Reference[]): Promise<void> {
  if (given.length === 0) return;
  const ids = given.map(({ value }) => value).filter(isId);
  // Held, so that none is deleted before the reference is there.
  const found =
    ids.length === 0
      ? []
      : await trx
          .selectFrom('credentials')
          .select('id')
          .where('id', 'in', ids)
          .where('environment_id', '=', (is) =>
            is.selectFrom('workflows').select('environment_id').where('id', '=', workflowId),
          )
          .forKeyShare()
          .execute();
  const own = new Set<unknown>(found.map(({ id }) => id));
  const problems = given.filter(({ value }) => !own.has(value)).map(problemOf);
  if (problems.length > 0) throw new AppError('invalid', problems.slice(0, 20));
}

const isId = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 2_147_483_647;

function problemOf({ node, loc, value }: Reference): FieldProblem {
  const field = loc.at(-1) ?? '';
  const msg = isId(value)
    ? `Node '${node}': ${field} — there is no such credential here. Choose one of yours.`
    : `Node '${node}': ${field} — a credential is named by its id.`;
  return { type: 'value_error', loc, msg };
}
